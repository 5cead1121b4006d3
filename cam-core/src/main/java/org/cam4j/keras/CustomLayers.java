package org.cam4j.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;

/**
 * The layers that an application supplies, by the class under which Keras registered them or by the name of a single layer.
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
     * No layers.
     *
     * @return the empty set
     */
    public static CustomLayers none() {
        return NONE;
    }

    /**
     * Another layer.
     *
     * @param name the registered class, with its package ({@code zoo>Wobble}) or without, or the name of one layer of the model
     * @param layer what it is
     * @return these layers and that one; one of the same name is replaced
     */
    public CustomLayers withLayer(String name, CustomLayer layer) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(layer, "layer");
        Map<String, CustomLayer> more = new LinkedHashMap<>(layers);
        more.put(name, layer);
        return new CustomLayers(more);
    }

    /** The graph with these layers in their places. */
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

    /** By the layer's name, by its class, or by its class without a package where one of the two has none. */
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
