package org.cam4j.onnx.folding;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Node;

/** Computes nodes whose inputs are all known before any image: the arithmetic of shapes, and weights that are stored in pieces. */
public final class Folding {

    /** Computes a node; inputs that are left out are null. */
    @FunctionalInterface
    interface Fold {
        List<Constant> of(Node node, List<Constant> inputs);
    }

    private static final Map<String, Fold> KNOWN = known();

    private Folding() {}

    private static Map<String, Fold> known() {
        Map<String, Fold> known = new HashMap<>();
        Arithmetic.addTo(known);
        Selections.addTo(known);
        Points.addTo(known);
        Rearrangements.addTo(known);
        return Map.copyOf(known);
    }

    /** Whether nodes of an operator can be computed. */
    public static boolean knows(Node node) {
        return node.domain().isEmpty() && KNOWN.containsKey(node.operator());
    }

    /**
     * Computes a node.
     *
     * @param node of an operator that {@link #knows} confirms
     * @param inputs its inputs; null where one is left out
     * @return its outputs
     * @throws IllegalArgumentException if the inputs do not fit; the message says why
     */
    public static List<Constant> of(Node node, List<Constant> inputs) {
        return KNOWN.get(node.operator()).of(node, inputs);
    }

    /** Computes a {@code Shape} of a tensor whose sizes are known, whatever its numbers. */
    public static Constant shape(Node node, int[] dims) {
        return Selections.shape(node, dims);
    }

    /** Returns an input; throws if it is left out. */
    static Constant required(List<Constant> inputs, int index) {
        if (index >= inputs.size() || inputs.get(index) == null) {
            throw new IllegalArgumentException("input " + index + " is missing");
        }
        return inputs.get(index);
    }
}
