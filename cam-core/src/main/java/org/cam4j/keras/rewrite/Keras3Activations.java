package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.kind.ActivationFunction;

/** Renames {@code hard_sigmoid} of Keras 3, the one activation that Keras 2 computes differently under the same name. */
public final class Keras3Activations {

    private static final String ACTIVATION = "activation";

    private Keras3Activations() {}

    /** Returns the graph with a separate name for Keras 3's {@code hard_sigmoid}. */
    public static LayerGraph named(LayerGraph graph, Optional<String> kerasVersion) {
        if (!kerasVersion.orElse("3").startsWith("3")) {
            return graph;
        }
        List<LayerNode> nodes =
                graph.nodes().stream().map(Keras3Activations::named).toList();
        return new LayerGraph(nodes, graph.inputs(), graph.outputs());
    }

    private static LayerNode named(LayerNode node) {
        LayerConfig config = node.config();
        if (!config.get(ACTIVATION).asText().equals("hard_sigmoid")) {
            return node;
        }
        ObjectNode json = config.json().deepCopy().put(ACTIVATION, ActivationFunction.KERAS_3_HARD_SIGMOID);
        return node.withConfig(new LayerConfig(config.layer(), config.className(), json));
    }
}
