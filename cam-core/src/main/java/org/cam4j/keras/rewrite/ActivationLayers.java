package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerJson;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.kind.ActivationFunction;

/**
 * Splits layers whose activation is itself a layer, as in {@code Conv2D(activation=LeakyReLU(0.1))}, into two. The activation keeps the
 * outer layer's name, by which other layers read it.
 */
public final class ActivationLayers {

    private static final String ACTIVATION = "activation";
    private static final String FUNCTION = "function";

    private ActivationLayers() {}

    public static LayerGraph apart(LayerGraph graph) {
        if (graph.nodes().stream().noneMatch(ActivationLayers::hasLayer)) {
            return graph;
        }
        Set<String> names = new HashSet<>();
        graph.nodes().forEach(node -> names.add(node.name()));
        List<LayerNode> nodes = new ArrayList<>();
        for (LayerNode node : graph.nodes()) {
            if (hasLayer(node)) {
                LayerNode before = before(node, names);
                nodes.add(before);
                nodes.add(activation(node).withInputs(List.of(before.name())));
            } else {
                nodes.add(node);
            }
        }
        return new LayerGraph(nodes, graph.inputs(), graph.outputs());
    }

    private static boolean hasLayer(LayerNode node) {
        JsonNode activation = node.config().get(ACTIVATION);
        return activation.path("config").isObject()
                && !activation.path("class_name").asText(FUNCTION).equals(FUNCTION);
    }

    private static LayerNode before(LayerNode node, Set<String> names) {
        String name = node.name() + "_before_activation";
        while (!names.add(name)) {
            name += "_";
        }
        LayerConfig config = node.config();
        ObjectNode json = config.json().deepCopy().put(ACTIVATION, ActivationFunction.LINEAR);
        return new LayerNode(
                name, new LayerConfig(config.layer(), config.className(), json), node.inputs(), node.weights());
    }

    private static LayerNode activation(LayerNode node) {
        JsonNode activation = node.config().get(ACTIVATION);
        String className = LayerJson.className(activation);
        String name =
                activation.path("config").path("name").asText(node.config().layer());
        LayerConfig config =
                new LayerConfig(name, className, LayerJson.config(className, (ObjectNode) activation.path("config")));
        return node.withConfig(config).withWeights(node.weights().inside(name, ACTIVATION));
    }
}
