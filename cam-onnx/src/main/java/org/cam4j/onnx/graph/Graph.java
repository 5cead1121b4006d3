package org.cam4j.onnx.graph;

import java.util.List;
import java.util.Map;

/**
 * A model's graph: functions inlined, nodes in the order in which they run.
 *
 * @param inputs what a caller gives, without weights that are listed as inputs
 * @param nodes in the order in which they run
 * @param constants weights and other stored tensors by name
 * @param outputs names of tensors, in the model's order
 */
public record Graph(List<Input> inputs, List<Node> nodes, Map<String, Constant> constants, List<String> outputs) {

    /**
     * An input.
     *
     * @param name of the tensor
     * @param type of its elements
     * @param dims its axes; {@link #OPEN} where the model leaves one open
     */
    public record Input(String name, ElementType type, int[] dims) {}

    /** The size of an axis that the model leaves open. */
    public static final int OPEN = -1;

    /** Copies the lists. */
    public Graph {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
    }
}
