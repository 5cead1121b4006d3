package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.onnx.graph.Attributes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Node;
import org.cam4j.onnx.translation.Tensor.Value;

/**
 * A node with what is known of its inputs.
 *
 * @param node the node
 * @param inputs a tensor for each of the node's inputs; null where one is left out
 */
record Call(Node node, List<Tensor> inputs) {

    Attributes attributes() {
        return node.attributes();
    }

    int opset() {
        return node.opset();
    }

    boolean has(int index) {
        return index < inputs.size() && inputs.get(index) != null;
    }

    Tensor tensor(int index) {
        if (!has(index)) {
            throw new IllegalArgumentException("input " + index + " is missing");
        }
        return inputs.get(index);
    }

    /** Returns an input that is computed from the image. */
    Value value(int index) {
        return requireValue(tensor(index));
    }

    static Value requireValue(Tensor tensor) {
        if (tensor instanceof Value value) {
            return value;
        }
        if (tensor instanceof Tensor.Quantized) {
            throw new UntranslatedException("integers that are computed from the image");
        }
        throw new UntranslatedException("a constant where the image's numbers are expected");
    }

    /** Returns an input that is known before any image. */
    Constant constant(int index) {
        if (tensor(index) instanceof Tensor.Known known) {
            return known.constant();
        }
        throw new UntranslatedException("input " + index + " computed from the image, where a constant is expected");
    }

    Optional<Constant> optionalConstant(int index) {
        return has(index) ? Optional.of(constant(index)) : Optional.empty();
    }

    /** Returns the constants among the inputs; null for the others. */
    List<Constant> constants() {
        List<Constant> constants = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            constants.add(has(i) && inputs.get(i) instanceof Tensor.Known known ? known.constant() : null);
        }
        return constants;
    }

    /** Returns the constants among the inputs after the first, for operators whose parameters are inputs. */
    List<Constant> parameters() {
        for (int i = 1; i < inputs.size(); i++) {
            if (has(i)) {
                constant(i);
            }
        }
        return constants();
    }
}
