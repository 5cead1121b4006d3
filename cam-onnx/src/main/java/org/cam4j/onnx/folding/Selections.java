package org.cam4j.onnx.folding;

import static org.cam4j.onnx.folding.Folding.required;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.graph.Node;

/** Tensors made of parts of others: gathered, sliced, split, joined, reduced, added up. */
final class Selections {

    private Selections() {}

    static void addTo(Map<String, Folding.Fold> known) {
        known.put("Constant", (node, inputs) -> List.of(stored(node)));
        known.put("ConstantOfShape", (node, inputs) -> {
            Constant value = node.attributes()
                    .tensor("value")
                    .orElseGet(() -> Constant.of(ElementType.FLOAT, new int[] {1}, new float[1]));
            return List.of(Constant.computed(value.type(), required(inputs, 0).ints(), i -> value.at(0)));
        });
        known.put("Range", (node, inputs) -> List.of(range(inputs)));
        known.put("Gather", (node, inputs) -> List.of(gather(node, required(inputs, 0), required(inputs, 1))));
        known.put("CumSum", (node, inputs) -> List.of(runningSums(node, required(inputs, 0), required(inputs, 1))));
        known.put("Slice", (node, inputs) -> List.of(slice(node, inputs)));
        known.put("Split", Selections::split);
        known.put("Concat", (node, inputs) -> List.of(concat(node, inputs)));
        known.put("ReduceProd", (node, inputs) -> List.of(reduced(node, inputs, Reduction.PRODUCT)));
        known.put("ReduceSum", (node, inputs) -> List.of(reduced(node, inputs, Reduction.SUM)));
        known.put("ReduceMean", (node, inputs) -> List.of(reduced(node, inputs, Reduction.MEAN)));
        known.put("ReduceMax", (node, inputs) -> List.of(reduced(node, inputs, Reduction.MAXIMUM)));
        known.put("ReduceMin", (node, inputs) -> List.of(reduced(node, inputs, Reduction.MINIMUM)));
        known.put("NonZero", (node, inputs) -> List.of(nonZero(required(inputs, 0))));
        known.put(
                "Size",
                (node, inputs) -> List.of(Constant.scalar(required(inputs, 0).size())));
        known.put(
                "Shape",
                (node, inputs) -> List.of(shape(node, required(inputs, 0).dims())));
    }

    /** Returns a tensor's sizes, or a range of them. */
    static Constant shape(Node node, int[] dims) {
        int rank = dims.length;
        int start = clamped(node.attributes().integer("start", 0), rank);
        int end = clamped(node.attributes().integer("end", rank), rank);
        return Constant.vector(Arrays.copyOfRange(dims, start, Math.max(start, end)));
    }

    private static int clamped(int index, int size) {
        return Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    private static Constant stored(Node node) {
        if (node.attributes().has("value_float")) {
            return Constant.of(ElementType.FLOAT, new int[0], new float[] {
                node.attributes().number("value_float", 0)
            });
        }
        if (node.attributes().has("value_int")) {
            return Constant.scalar(node.attributes().integer("value_int", 0));
        }
        if (node.attributes().has("value_floats")) {
            float[] floats = node.attributes().numbers("value_floats").orElseThrow();
            return Constant.of(ElementType.FLOAT, new int[] {floats.length}, floats);
        }
        if (node.attributes().has("value_ints")) {
            return Constant.vector(node.attributes().integers("value_ints").orElseThrow());
        }
        return node.attributes()
                .tensor("value")
                .orElseThrow(() -> new IllegalArgumentException("it holds no dense tensor of numbers"));
    }

    private static Constant range(List<Constant> inputs) {
        double start = required(inputs, 0).at(0);
        double limit = required(inputs, 1).at(0);
        double delta = required(inputs, 2).at(0);
        double count = Math.max(0, Math.ceil((limit - start) / delta));
        if (!(count <= 1 << 24)) {
            throw new IllegalArgumentException("a range of " + count + " numbers");
        }
        return Constant.computed(inputs.get(0).type(), new int[] {(int) count}, i -> start + i * delta);
    }

    private static Constant gather(Node node, Constant source, Constant indices) {
        int[] dims = source.dims();
        int axis = Axes.of(node.attributes().integer("axis", 0), dims.length);
        int[] wanted = indices.ints();
        List<Integer> sizes = new ArrayList<>();
        Arrays.stream(dims, 0, axis).forEach(sizes::add);
        Arrays.stream(indices.dims()).forEach(sizes::add);
        Arrays.stream(dims, axis + 1, dims.length).forEach(sizes::add);
        int inner = Axes.product(dims, axis + 1, dims.length);
        int size = dims[axis];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = wanted[i] < 0 ? wanted[i] + size : wanted[i];
            if (wanted[i] < 0 || wanted[i] >= size) {
                throw new IllegalArgumentException("entry " + indices.at(i) + " of an axis of " + size);
            }
        }
        int[] result = sizes.stream().mapToInt(Integer::intValue).toArray();
        return Constant.computed(source.type(), result, i -> {
            int outer = i / inner / wanted.length;
            int chosen = wanted[i / inner % wanted.length];
            return source.at((outer * size + chosen) * inner + i % inner);
        });
    }

    private static Constant runningSums(Node node, Constant source, Constant axis) {
        int[] dims = source.dims();
        int along = Axes.of((int) axis.at(0), dims.length);
        boolean isReversed = node.attributes().integer("reverse", 0) != 0;
        boolean isExclusive = node.attributes().integer("exclusive", 0) != 0;
        int step = Axes.strides(dims)[along];
        double[] sums = new double[source.size()];
        for (int n = 0; n < sums.length; n++) {
            int i = isReversed ? sums.length - 1 - n : n;
            int index = i / step % dims[along];
            boolean isFirst = index == (isReversed ? dims[along] - 1 : 0);
            int before = isReversed ? i + step : i - step;
            if (isExclusive) {
                sums[i] = isFirst ? 0 : sums[before] + source.at(before);
            } else {
                sums[i] = source.at(i) + (isFirst ? 0 : sums[before]);
            }
        }
        return Constant.of(source.type(), dims, sums);
    }

    private static Constant slice(Node node, List<Constant> inputs) {
        Constant source = required(inputs, 0);
        Slices slices = Slices.of(node, inputs, source.dims());
        int[] strides = Axes.strides(source.dims());
        int start = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            start += slices.start(axis) * strides[axis];
            strides[axis] *= slices.step(axis);
        }
        int[] dims = slices.counts();
        return Axes.gathered(source, dims, Axes.places(dims, strides, start));
    }

    private static List<Constant> split(Node node, List<Constant> inputs) {
        Constant source = required(inputs, 0);
        int axis = Axes.of(node.attributes().integer("axis", 0), source.rank());
        int[] sizes = Slices.splits(node, inputs, source.dim(axis));
        List<Constant> parts = new ArrayList<>();
        int start = 0;
        int[] strides = Axes.strides(source.dims());
        for (int size : sizes) {
            int[] dims = source.dims();
            dims[axis] = size;
            parts.add(Axes.gathered(source, dims, Axes.places(dims, strides, start * strides[axis])));
            start += size;
        }
        return parts;
    }

    private static Constant concat(Node node, List<Constant> inputs) {
        Constant first = required(inputs, 0);
        int axis = Axes.of(node.attributes().integer("axis", 0), first.rank());
        int[] dims = first.dims();
        dims[axis] = 0;
        for (int i = 0; i < inputs.size(); i++) {
            Constant part = required(inputs, i);
            int[] others = part.dims();
            if (others.length != dims.length) {
                throw new IllegalArgumentException("tensors of " + first + " and " + part + " are joined");
            }
            int added = others[axis];
            others[axis] = dims[axis];
            if (!Arrays.equals(others, dims)) {
                throw new IllegalArgumentException("tensors of " + first + " and " + part + " are joined");
            }
            dims[axis] = Math.addExact(dims[axis], added);
        }
        double[] joined = new double[Constant.size(dims)];
        int outer = Axes.product(dims, 0, axis);
        int inner = Axes.product(dims, axis + 1, dims.length);
        int start = 0;
        for (Constant part : inputs) {
            int rows = part.dim(axis) * inner;
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < rows; i++) {
                    joined[o * dims[axis] * inner + start + i] = part.at(o * rows + i);
                }
            }
            start += rows;
        }
        return Constant.computed(first.type(), dims, i -> joined[i]);
    }

    private enum Reduction {
        SUM,
        MEAN,
        PRODUCT,
        MAXIMUM,
        MINIMUM
    }

    private static Constant reduced(Node node, List<Constant> inputs, Reduction reduction) {
        Constant source = required(inputs, 0);
        int[] axes = Reductions.axes(node, inputs, source.rank());
        boolean keeps = node.attributes().integer("keepdims", 1) != 0;
        int[] kept = source.dims();
        Arrays.stream(axes).forEach(axis -> kept[axis] = 1);
        double[] results = new double[Constant.size(kept)];
        Arrays.fill(
                results,
                switch (reduction) {
                    case SUM, MEAN -> 0;
                    case PRODUCT -> 1;
                    case MAXIMUM -> Double.NEGATIVE_INFINITY;
                    case MINIMUM -> Double.POSITIVE_INFINITY;
                });
        int[] places = Axes.places(source.dims(), kept);
        for (int i = 0; i < source.size(); i++) {
            double value = source.at(i);
            int place = places[i];
            results[place] = switch (reduction) {
                case SUM, MEAN -> results[place] + value;
                case PRODUCT -> results[place] * value;
                case MAXIMUM -> Math.max(results[place], value);
                case MINIMUM -> Math.min(results[place], value);
            };
        }
        double share = reduction == Reduction.MEAN ? (double) source.size() / Math.max(1, results.length) : 1;
        Constant all = Constant.computed(source.type(), kept, i -> results[i] / share);
        return keeps ? all : all.reshaped(Reductions.without(source.dims(), axes));
    }

    private static Constant nonZero(Constant source) {
        List<int[]> found = new ArrayList<>();
        int[] strides = Axes.strides(source.dims());
        for (int i = 0; i < source.size(); i++) {
            if (source.at(i) != 0) {
                int[] index = new int[strides.length];
                for (int axis = 0; axis < index.length; axis++) {
                    index[axis] = i / strides[axis] % source.dim(axis);
                }
                found.add(index);
            }
        }
        int count = found.size();
        return Constant.computed(
                ElementType.INT64, new int[] {source.rank(), count}, i -> found.get(i % count)[i / count]);
    }
}
