package org.cam4j.onnx.folding;

import static org.cam4j.onnx.folding.Folding.required;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Node;

/** The same numbers in other places, and products of matrices. */
final class Rearrangements {

    private Rearrangements() {}

    static void addTo(Map<String, Folding.Fold> known) {
        known.put("Reshape", (node, inputs) -> {
            Constant source = required(inputs, 0);
            return List.of(source.reshaped(NewShapes.reshape(node, required(inputs, 1), source.dims())));
        });
        known.put("Flatten", (node, inputs) -> {
            Constant source = required(inputs, 0);
            return List.of(source.reshaped(NewShapes.flatten(node, source.dims())));
        });
        known.put("Squeeze", (node, inputs) -> {
            Constant source = required(inputs, 0);
            return List.of(source.reshaped(NewShapes.squeeze(Reductions.named(node, inputs), source.dims())));
        });
        known.put("Unsqueeze", (node, inputs) -> {
            Constant source = required(inputs, 0);
            return List.of(source.reshaped(NewShapes.unsqueeze(Reductions.named(node, inputs), source.dims())));
        });
        known.put("Transpose", (node, inputs) -> {
            Constant source = required(inputs, 0);
            return List.of(Axes.transposed(source, NewShapes.order(node, source.rank())));
        });
        known.put("Expand", (node, inputs) -> {
            Constant source = required(inputs, 0);
            int[] dims = Axes.broadcast(source.dims(), required(inputs, 1).ints());
            return List.of(Axes.gathered(source, dims, Axes.places(dims, source.dims())));
        });
        known.put(
                "Tile",
                (node, inputs) ->
                        List.of(tiled(required(inputs, 0), required(inputs, 1).ints())));
        known.put("Pad", (node, inputs) -> List.of(padded(node, inputs)));
        known.put("MatMul", (node, inputs) -> List.of(product(required(inputs, 0), required(inputs, 1))));
        known.put("Conv", (node, inputs) -> List.of(pointwise(node, inputs)));
        known.put("Trilu", (node, inputs) -> List.of(triangle(node, inputs)));
        known.put("Dropout", (node, inputs) -> List.of(required(inputs, 0)));
    }

    private static Constant tiled(Constant source, int[] repeats) {
        if (repeats.length != source.rank()) {
            throw new IllegalArgumentException("a tensor of " + source + " is repeated " + Arrays.toString(repeats));
        }
        int[] dims = source.dims();
        int[] strides = Axes.strides(source.dims());
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = Math.multiplyExact(dims[axis], repeats[axis]);
        }
        int[] steps = Axes.strides(dims);
        return Constant.computed(source.type(), dims, i -> {
            int place = 0;
            for (int axis = 0; axis < strides.length; axis++) {
                place += i / steps[axis] % dims[axis] % source.dim(axis) * strides[axis];
            }
            return source.at(place);
        });
    }

    private static Constant padded(Node node, List<Constant> inputs) {
        Constant source = required(inputs, 0);
        int rank = source.rank();
        int[] pads = NewShapes.pads(node, inputs, rank);
        double value =
                inputs.size() > 2 && inputs.get(2) != null ? inputs.get(2).at(0) : 0;
        if (!node.attributes().text("mode", "constant").equals("constant")) {
            throw new IllegalArgumentException("weights are padded by reflection");
        }
        int[] dims = source.dims();
        for (int axis = 0; axis < rank; axis++) {
            dims[axis] = Math.addExact(dims[axis], Math.addExact(pads[axis], pads[axis + rank]));
        }
        int[] steps = Axes.strides(dims);
        int[] strides = Axes.strides(source.dims());
        return Constant.computed(source.type(), dims, i -> {
            int place = 0;
            for (int axis = 0; axis < rank; axis++) {
                int index = i / steps[axis] % dims[axis] - pads[axis];
                if (index < 0 || index >= source.dim(axis)) {
                    return value;
                }
                place += index * strides[axis];
            }
            return source.at(place);
        });
    }

    private static Constant product(Constant first, Constant second) {
        if (first.rank() != 2 || second.rank() != 2 || first.dim(1) != second.dim(0)) {
            throw new IllegalArgumentException("a product of weights " + first + " and " + second);
        }
        int columns = second.dim(1);
        int joined = first.dim(1);
        if ((long) first.dim(0) * columns * joined > 1L << 32) {
            throw new IllegalArgumentException("a product of weights " + first + " and " + second + " is too large");
        }
        return Constant.computed(first.type(), new int[] {first.dim(0), columns}, i -> {
            double sum = 0;
            for (int k = 0; k < joined; k++) {
                sum += first.at(i / columns * joined + k) * second.at(k * columns + i % columns);
            }
            return sum;
        });
    }

    /** A 1x1 convolution of a constant, such as encoded positions; other windows never move over weights. */
    private static Constant pointwise(Node node, List<Constant> inputs) {
        Constant source = required(inputs, 0);
        Constant weights = required(inputs, 1);
        boolean isPlain = node.attributes().integer("group", 1) == 1
                && all(node, "strides", 1)
                && all(node, "pads", 0)
                && source.rank() > 2
                && weights.rank() == source.rank()
                && weights.size() == weights.dim(0) * weights.dim(1)
                && weights.dim(1) == source.dim(1);
        if (!isPlain) {
            throw new IllegalArgumentException("a convolution of the constant " + source + " with weights " + weights
                    + ", whose window is larger than one cell");
        }
        Constant bias = inputs.size() > 2 ? inputs.get(2) : null;
        if (bias != null && bias.size() != weights.dim(0)) {
            throw new IllegalArgumentException("its bias " + bias + " is not for " + weights.dim(0) + " outputs");
        }
        int channels = source.dim(1);
        int cells = Axes.product(source.dims(), 2, source.rank());
        int[] dims = source.dims();
        dims[1] = weights.dim(0);
        if ((long) Constant.size(dims) * channels > 1L << 28) {
            throw new IllegalArgumentException("a convolution of the constant " + source + " is too large");
        }
        return Constant.computed(source.type(), dims, i -> {
            int output = i / cells % dims[1];
            int first = i / cells / dims[1] * channels * cells + i % cells;
            double sum = bias == null ? 0 : bias.at(output);
            for (int k = 0; k < channels; k++) {
                sum += source.at(first + k * cells) * weights.at(output * channels + k);
            }
            return sum;
        });
    }

    private static boolean all(Node node, String attribute, int value) {
        return node.attributes().integers(attribute).stream()
                .flatMapToInt(Arrays::stream)
                .allMatch(number -> number == value);
    }

    private static Constant triangle(Node node, List<Constant> inputs) {
        Constant source = required(inputs, 0);
        if (source.rank() < 2) {
            throw new IllegalArgumentException("the triangle of a tensor of " + source);
        }
        boolean isUpper = node.attributes().integer("upper", 1) != 0;
        int shift =
                inputs.size() > 1 && inputs.get(1) != null ? (int) inputs.get(1).at(0) : 0;
        int columns = source.dim(source.rank() - 1);
        int rows = source.dim(source.rank() - 2);
        return Constant.computed(source.type(), source.dims(), i -> {
            int diagonal = i % columns - i / columns % rows;
            return (isUpper ? diagonal >= shift : diagonal <= shift) ? source.at(i) : 0;
        });
    }
}
