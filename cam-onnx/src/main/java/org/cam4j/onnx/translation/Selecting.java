package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.folding.Slices;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/** Parts of tensors, and tensors joined of parts. */
final class Selecting {

    private Selecting() {}

    static void addTo(Map<String, Operator> known) {
        known.put("Slice", Selecting::slice);
        known.put("Split", Selecting::split);
        known.put("Gather", Selecting::gather);
        known.put("Concat", Selecting::concat);
        known.put("Tile", Selecting::tile);
    }

    private static List<Tensor> slice(Draft draft, Call call) {
        Value value = call.value(0);
        Slices slices = Slices.of(call.node(), call.parameters(), value.dims());
        int[] counts = slices.counts();
        Value current = value;
        for (int axis = 0; axis < counts.length; axis++) {
            int first = slices.start(axis);
            int step = slices.step(axis);
            int count = counts[axis];
            if (step == 1) {
                current = draft.copies().range(current, axis, first, count);
            } else if (step > 0 && count > 0) {
                current = every(draft, draft.copies().range(current, axis, first, (count - 1) * step + 1), axis, step);
            } else {
                current = draft.copies()
                        .chosen(
                                current,
                                axis,
                                IntStream.range(0, count)
                                        .map(i -> first + i * step)
                                        .toArray());
            }
        }
        return List.of(current);
    }

    /** Keeps every n-th entry, from the first on: the largest number of windows of one cell. */
    static Value every(Draft draft, Value value, int axis, int step) {
        if (step == 1) {
            return value;
        }
        Arrangement.AxisOfValue place = draft.arrangement().axis(value, axis);
        Shape shape = draft.steps().shape(place.number());
        int number = place.number();
        int along = place.axis();
        if (!shape.isImage() || along == 2) {
            int before = 1;
            for (int i = 0; i < along; i++) {
                before *= shape.size(i);
            }
            int size = shape.size(along);
            number = draft.steps().as(number, new Shape(before, size, shape.size() / before / size));
            along = 1;
        }
        Window window = new Window(1, 1, along == 0 ? step : 1, along == 1 ? step : 1, 1, 1, Padding.NONE);
        int[] dims = value.dims().clone();
        dims[axis] = (dims[axis] + step - 1) / step;
        return new Value(draft.steps().add(new Pooling(Pooling.Kind.MAXIMUM, window), number), dims, value.order());
    }

    private static List<Tensor> split(Draft draft, Call call) {
        Value value = call.value(0);
        int axis = Axes.of(call.attributes().integer("axis", 0), value.dims().length);
        int[] sizes = Slices.splits(call.node(), call.parameters(), value.dims()[axis]);
        List<Tensor> parts = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (i < call.node().outputs().size()) {
                draft.steps().name(call.node().outputs().get(i));
            }
            parts.add(draft.copies().range(value, axis, first, sizes[i]));
            first += sizes[i];
        }
        return parts;
    }

    private static List<Tensor> gather(Draft draft, Call call) {
        Value value = call.value(0);
        Constant indices = call.constant(1);
        int axis = Axes.of(call.attributes().integer("axis", 0), value.dims().length);
        int size = value.dims()[axis];
        int[] places =
                Arrays.stream(indices.ints()).map(i -> i < 0 ? i + size : i).toArray();
        if (Arrays.stream(places).anyMatch(place -> place < 0 || place >= size)) {
            throw new IllegalArgumentException("entries " + Arrays.toString(indices.ints()) + " of an axis of " + size);
        }
        Value chosen = draft.copies().chosen(value, axis, places);
        List<Integer> dims = new ArrayList<>();
        Arrays.stream(value.dims(), 0, axis).forEach(dims::add);
        Arrays.stream(indices.dims()).forEach(dims::add);
        Arrays.stream(value.dims(), axis + 1, value.dims().length).forEach(dims::add);
        return List.of(draft.arrangement()
                .reshaped(chosen, dims.stream().mapToInt(Integer::intValue).toArray()));
    }

    private static List<Tensor> concat(Draft draft, Call call) {
        Value like = call.inputs().stream()
                .filter(Value.class::isInstance)
                .map(Value.class::cast)
                .findFirst()
                .orElseThrow(() -> new UntranslatedException("integers that are computed from the image"));
        int axis = Axes.of(call.attributes().integer("axis", 0), like.dims().length);
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            if (call.tensor(i) instanceof Tensor.Known constant) {
                if (constant.constant().size() > 0) {
                    Scaling.requireFinite(constant.constant());
                    parts.add(draft.copies().constant(constant.constant(), like));
                }
            } else {
                parts.add(call.value(i));
            }
        }
        for (Value part : parts) {
            if (part.dims().length != like.dims().length) {
                throw new IllegalArgumentException("tensors of " + Arrays.toString(like.dims()) + " and "
                        + Arrays.toString(part.dims()) + " are joined");
            }
        }
        return List.of(draft.copies().joined(parts, axis));
    }

    private static List<Tensor> tile(Draft draft, Call call) {
        Value value = call.value(0);
        int[] repeats = call.constant(1).ints();
        if (repeats.length != value.dims().length || Arrays.stream(repeats).anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException(
                    "a tensor of " + Arrays.toString(value.dims()) + " is repeated " + Arrays.toString(repeats));
        }
        for (int axis = 0; axis < repeats.length; axis++) {
            if (repeats[axis] > 1) {
                if (repeats[axis] > 1000) {
                    throw new UntranslatedException("repeats an axis " + repeats[axis] + " times");
                }
                value = draft.copies().joined(Collections.nCopies(repeats[axis], value), axis);
            }
        }
        return List.of(value);
    }
}
