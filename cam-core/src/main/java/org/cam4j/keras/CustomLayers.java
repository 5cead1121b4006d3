package org.cam4j.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;

/**
 * The layers that an application supplies. Keys are classes as registered in Keras, or names of single layers.
 *
 * <p>Immutable. {@code CustomLayers.none().withLayer("zoo>Wobble", wobble).withLayer("halve", CustomLayer.like("Rescaling",
 * Map.of("scale", 0.5)))}.
 */
final class CustomLayers {

    private static final CustomLayers NONE = new CustomLayers(Map.of());

    private final Map<String, CustomLayer> layers;

    private CustomLayers(Map<String, CustomLayer> layers) {
        this.layers = layers;
    }

    /**
     * Returns the empty set of layers.
     *
     * @return a set without layers
     */
    public static CustomLayers none() {
        return NONE;
    }

    /**
     * Adds a layer.
     *
     * @param name the registered class, with its package ({@code zoo>Wobble}) or without, or the name of one layer of the model
     * @param layer describes the layer
     * @return a copy with the layer added; a layer of the same name is replaced
     */
    public CustomLayers withLayer(String name, CustomLayer layer) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(layer, "layer");
        Map<String, CustomLayer> more = new LinkedHashMap<>(layers);
        more.put(name, layer);
        return new CustomLayers(more);
    }

    /** Returns the graph with these layers in place of the nodes that they describe. */
    LayerGraph in(LayerGraph graph) {
        if (layers.isEmpty()) {
            return graph;
        }
        List<LayerNode> nodes = graph.nodes().stream().map(this::supplied).toList();
        return new LayerGraph(nodes, graph.inputs(), graph.outputs());
    }

    private LayerNode supplied(LayerNode node) {
        CustomLayer layer = of(node.config());
        if (layer == null) {
            return node;
        }
        LayerConfig config = node.config();
        return node.withConfig(layer.alike()
                .map(like -> new LayerConfig(config.layer(), like.className(), like.json()))
                .orElseGet(() -> config.suppliedBy(new SuppliedKind(layer))));
    }

    /** Finds a layer by name, then by class. Compares classes without their package if one of the two has none. */
    private CustomLayer of(LayerConfig config) {
        for (String name : new String[] {config.layer(), config.className(), simple(config.className())}) {
            if (layers.containsKey(name)) {
                return layers.get(name);
            }
        }
        if (!config.className().contains(">")) {
            for (Map.Entry<String, CustomLayer> entry : layers.entrySet()) {
                if (entry.getKey().contains(">") && simple(entry.getKey()).equals(config.className())) {
                    return entry.getValue();
                }
            }
        }
        return null;
    }

    private static String simple(String className) {
        return className.substring(className.indexOf('>') + 1);
    }
}
