package org.cam4j.onnx.translation;

import java.util.List;
import java.util.Map;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.folding.Folding;
import org.cam4j.onnx.folding.NewShapes;
import org.cam4j.onnx.folding.Reductions;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Known;
import org.cam4j.onnx.translation.Tensor.Value;

/** Other sizes and other orders of axes, and the sizes themselves. */
final class Shaping {

    private Shaping() {}

    static void addTo(Map<String, Operator> known) {
        known.put("Reshape", (draft, call) -> {
            Value value = call.value(0);
            int[] dims = NewShapes.reshape(call.node(), call.constant(1), value.dims());
            return List.of(draft.arrangement().reshaped(value, dims));
        });
        known.put("Flatten", (draft, call) -> {
            Value value = call.value(0);
            return List.of(draft.arrangement().reshaped(value, NewShapes.flatten(call.node(), value.dims())));
        });
        known.put("Squeeze", (draft, call) -> {
            Value value = call.value(0);
            int[] named = Reductions.named(call.node(), call.parameters());
            return List.of(draft.arrangement().reshaped(value, NewShapes.squeeze(named, value.dims())));
        });
        known.put("Unsqueeze", (draft, call) -> {
            Value value = call.value(0);
            int[] named = Reductions.named(call.node(), call.parameters());
            return List.of(draft.arrangement().reshaped(value, NewShapes.unsqueeze(named, value.dims())));
        });
        known.put("Transpose", (draft, call) -> {
            Value value = call.value(0);
            return List.of(draft.arrangement().transposed(value, NewShapes.order(call.node(), value.dims().length)));
        });
        known.put(
                "Shape",
                (draft, call) -> List.of(
                        new Known(Folding.shape(call.node(), call.tensor(0).dims()))));
        known.put(
                "Size",
                (draft, call) -> List.of(
                        new Known(Constant.scalar(Constant.size(call.tensor(0).dims())))));
        known.put("Expand", (draft, call) -> {
            Value value = call.value(0);
            int[] dims = Axes.broadcast(value.dims(), call.constant(1).ints());
            return List.of(draft.arrangement().expanded(value, dims));
        });
        known.put("DepthToSpace", Shaping::depthToSpace);
        known.put("SpaceToDepth", Shaping::spaceToDepth);
    }

    private static int blockSize(Call call, Value value) {
        int size = call.attributes().integer("blocksize", 0);
        if (size < 1 || size > 1 << 12 || value.dims().length != 4) {
            throw new IllegalArgumentException("blocks of " + size + " cells");
        }
        return size;
    }

    private static List<Tensor> depthToSpace(Draft draft, Call call) {
        Value value = call.value(0);
        int size = blockSize(call, value);
        int[] dims = value.dims();
        int channels = dims[1] / (size * size);
        boolean isChannelFirst = call.attributes().text("mode", "DCR").equals("CRD");
        Value split = isChannelFirst
                ? draft.arrangement().reshaped(value, dims[0], channels, size, size, dims[2], dims[3])
                : draft.arrangement().reshaped(value, dims[0], size, size, channels, dims[2], dims[3]);
        Value moved = draft.arrangement()
                .transposed(split, isChannelFirst ? new int[] {0, 1, 4, 2, 5, 3} : new int[] {0, 3, 4, 1, 5, 2});
        return List.of(draft.arrangement().reshaped(moved, dims[0], channels, dims[2] * size, dims[3] * size));
    }

    private static List<Tensor> spaceToDepth(Draft draft, Call call) {
        Value value = call.value(0);
        int size = blockSize(call, value);
        int[] dims = value.dims();
        int rows = dims[2] / size;
        int columns = dims[3] / size;
        Value split = draft.arrangement().reshaped(value, dims[0], dims[1], rows, size, columns, size);
        Value moved = draft.arrangement().transposed(split, new int[] {0, 3, 5, 1, 2, 4});
        return List.of(draft.arrangement().reshaped(moved, dims[0], dims[1] * size * size, rows, columns));
    }
}
