package org.cam4j.keras.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A Keras model without nesting: every layer call once, after the calls that it depends on.
 *
 * @param nodes in topological order, names unique
 * @param inputs names of the input layers, in the model's order
 * @param outputs names of the nodes that are the model's outputs, in order
 */
public record LayerGraph(List<LayerNode> nodes, List<String> inputs, List<String> outputs) {

    public LayerGraph {
        nodes = List.copyOf(nodes);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        Set<String> known = new HashSet<>();
        for (LayerNode node : nodes) {
            if (!known.containsAll(node.inputs()) || !known.add(node.name())) {
                throw new IllegalArgumentException("not in topological order or twice: " + node.name());
            }
        }
        if (!known.containsAll(inputs) || !known.containsAll(outputs)) {
            throw new IllegalArgumentException("unknown inputs or outputs: " + inputs + ", " + outputs);
        }
    }

    /** Returns a copy with other outputs, without the nodes that these outputs do not need; inputs stay. */
    public LayerGraph withOutputs(List<String> chosen) {
        Set<String> needed = new HashSet<>(chosen);
        needed.addAll(inputs);
        List<LayerNode> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed.contains(nodes.get(i).name())) {
                needed.addAll(nodes.get(i).inputs());
                kept.add(nodes.get(i));
            }
        }
        Collections.reverse(kept);
        return new LayerGraph(kept, inputs, chosen);
    }
}
