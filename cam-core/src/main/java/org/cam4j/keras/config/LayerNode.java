package org.cam4j.keras.config;

import java.util.ArrayList;
import java.util.List;

/**
 * One call of one layer in the flat graph; a layer that is called twice becomes two nodes with the same weights.
 *
 * @param name unique in the graph; the layer's name unless it is taken
 * @param config the layer's configuration
 * @param inputs names of the nodes that this node reads, in order
 * @param weights where the archive keeps the layer's weights
 */
public record LayerNode(String name, LayerConfig config, List<String> inputs, WeightsAddress weights) {

    public LayerNode {
        inputs = List.copyOf(inputs);
    }

    public String className() {
        return config.className();
    }

    public LayerNode withInputs(List<String> changed) {
        return new LayerNode(name, config, changed, weights);
    }

    public LayerNode withConfig(LayerConfig changed) {
        return new LayerNode(name, changed, inputs, weights);
    }

    public LayerNode withWeights(WeightsAddress changed) {
        return new LayerNode(name, config, inputs, changed);
    }

    /**
     * The place of a layer's weights in an archive.
     *
     * @param layers names from the layer of the outermost model inwards, the layer's own name last
     * @param stored the same place as paths of groups, in the names of {@link StoredNames}: {@code layers/conv2d_1}
     */
    public record WeightsAddress(List<String> layers, List<String> stored) {

        public static final WeightsAddress OUTERMOST = new WeightsAddress(List.of(), List.of());

        public WeightsAddress {
            layers = List.copyOf(layers);
            stored = List.copyOf(stored);
        }

        /** Returns the address of a layer inside this one, from the layer's name and the path to its group. */
        public WeightsAddress inside(String layer, String group) {
            return new WeightsAddress(joined(layers, layer), joined(stored, group));
        }

        private static List<String> joined(List<String> path, String step) {
            List<String> joined = new ArrayList<>(path);
            joined.add(step);
            return joined;
        }

        /** Returns the layer of the outermost model: the layer itself, or the nested model that contains it. */
        public String outermost() {
            return layers.get(0);
        }

        public String layer() {
            return layers.get(layers.size() - 1);
        }
    }
}
