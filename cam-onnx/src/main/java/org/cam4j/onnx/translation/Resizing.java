package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Resize;

/** Resized images: by the plan's own operation where it means the same, otherwise by a matrix for each axis. */
final class Resizing {

    private Resizing() {}

    static void addTo(Map<String, Operator> known) {
        known.put("Resize", Resizing::resize);
        known.put("Upsample", Resizing::resize);
    }

    private static List<Tensor> resize(Draft draft, Call call) {
        Value value = call.value(0);
        int rank = value.dims().length;
        boolean hasRegion = call.node().operator().equals("Resize") && call.opset() >= 11;
        int[] axes = call.attributes()
                .integers("axes")
                .map(named ->
                        Arrays.stream(named).map(axis -> Axes.of(axis, rank)).toArray())
                .orElseGet(() -> IntStream.range(0, rank).toArray());
        double[] scales = new double[rank];
        Arrays.fill(scales, 1);
        int[] sizes = value.dims().clone();
        Constant byScale = hasRegion ? given(call, 2) : given(call, 1);
        Constant bySize = hasRegion ? given(call, 3) : null;
        float[] attribute = call.attributes().numbers("scales").orElse(new float[0]);
        if (!call.attributes().text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw new UntranslatedException("sizes that keep the image's proportions");
        }
        for (int i = 0; i < axes.length; i++) {
            int axis = axes[i];
            int before = value.dims()[axis];
            if (bySize != null) {
                sizes[axis] = (int) bySize.at(i);
                scales[axis] = (double) sizes[axis] / before;
            } else {
                scales[axis] = byScale == null ? attribute[i] : byScale.at(i);
                double size = Math.floor(before * scales[axis]);
                if (!(size >= 1 && size <= 1 << 20)) {
                    throw new IllegalArgumentException("an axis of " + before + " is resized by " + scales[axis]);
                }
                sizes[axis] = (int) size;
            }
        }
        boolean isOld = !hasRegion;
        Interpolating interpolating = Interpolating.of(call.attributes(), isOld);
        return List.of(resized(draft, value, sizes, scales, interpolating));
    }

    private static Constant given(Call call, int index) {
        if (!call.has(index)) {
            return null;
        }
        Constant constant = call.constant(index);
        return constant.size() == 0 ? null : constant;
    }

    private static Value resized(Draft draft, Value value, int[] sizes, double[] scales, Interpolating interpolating) {
        int[] dims = value.dims();
        int[] changed = IntStream.range(0, sizes.length)
                .filter(axis -> sizes[axis] != dims[axis] || scales[axis] != 1)
                .toArray();
        boolean isOfImage = sizes.length == 4
                && dims[0] == 1
                && Arrays.stream(changed).allMatch(axis -> axis > 1)
                && Arrays.stream(changed)
                        .allMatch(axis -> interpolating.isPlans(dims[axis], sizes[axis], scales[axis]));
        if (isOfImage && changed.length > 0) {
            Resize resize = new Resize(
                    sizes[2],
                    sizes[3],
                    interpolating.isNearest() ? Resize.Interpolation.NEAREST : Resize.Interpolation.BILINEAR);
            return draft.arrangement()
                    .ofImage(draft.steps().add(resize, draft.arrangement().image(value)));
        }
        Value current = value;
        for (int axis : changed) {
            Constant.requireRoom((long) dims[axis] * sizes[axis]);
            if (interpolating.isNearest()) {
                current = draft.copies()
                        .chosen(current, axis, interpolating.nearest(dims[axis], sizes[axis], scales[axis]));
            } else {
                float[][] weights = interpolating.weights(dims[axis], sizes[axis], scales[axis]);
                current = draft.copies().mixed(current, axis, weights, new float[weights.length]);
            }
        }
        return current;
    }
}
