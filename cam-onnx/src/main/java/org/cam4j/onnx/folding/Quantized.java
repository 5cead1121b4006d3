package org.cam4j.onnx.folding;

import static org.cam4j.onnx.folding.Folding.required;

import java.util.List;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.graph.Node;

/** Weights of few bits: {@code (q - zero) · scale}, with a scale for the whole tensor or for each entry of one axis. */
final class Quantized {

    private Quantized() {}

    static Constant dequantized(Node node, List<Constant> inputs) {
        Constant input = required(inputs, 0);
        Constant scale = required(inputs, 1);
        Constant zero = inputs.size() > 2 ? inputs.get(2) : null;
        int[] places = scalePlaces(node, input, scale);
        return Constant.computed(
                ElementType.FLOAT,
                input.dims(),
                i -> (input.at(i) - (zero == null ? 0 : zero.at(places[i]))) * scale.at(places[i]));
    }

    static Constant quantized(Node node, List<Constant> inputs) {
        Constant input = required(inputs, 0);
        Constant scale = required(inputs, 1);
        Constant zero = inputs.size() > 2 ? inputs.get(2) : null;
        boolean isSigned = zero != null && zero.type() == ElementType.INT8;
        int[] places = scalePlaces(node, input, scale);
        return Constant.computed(isSigned ? ElementType.INT8 : ElementType.UINT8, input.dims(), i -> {
            double q = Math.rint(input.at(i) / scale.at(places[i])) + (zero == null ? 0 : zero.at(places[i]));
            return Math.max(isSigned ? -128 : 0, Math.min(isSigned ? 127 : 255, q));
        });
    }

    private static int[] scalePlaces(Node node, Constant input, Constant scale) {
        int[] dims = input.dims();
        if (scale.size() == 1) {
            return Axes.places(dims, new int[dims.length], 0);
        }
        int axis = Axes.of(node.attributes().integer("axis", 1), dims.length);
        if (scale.rank() != 1 || scale.size() != dims[axis] || node.attributes().integer("block_size", 0) != 0) {
            throw new IllegalArgumentException("a scale of " + scale + " for a tensor of " + input
                    + ": expected one for the tensor, or one for each entry of an axis");
        }
        int[] strides = new int[dims.length];
        strides[axis] = 1;
        return Axes.places(dims, strides, 0);
    }
}
