package org.cam4j.keras;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;

/**
 * A layer of an imported graph. Nested models are already inlined, and layers that do nothing at inference are dropped.
 *
 * @param name the layer's name in the graph
 * @param className Keras' class, such as {@code Conv2D}; for a function, the class of the layer that computes the same, or cam4j's
 *     own, such as {@code cam4j:ChannelOrder}, if Keras has no such class
 * @param inputs names of the layers that this layer reads, in order
 * @param shape the output's shape without the batch axis: [h, w, c] or [features]; -1 for a size that the model leaves open
 * @param parameters the number of weights
 */
public record ImportedLayer(String name, String className, List<String> inputs, List<Integer> shape, long parameters) {

    /** Copies the lists. */
    public ImportedLayer {
        inputs = List.copyOf(inputs);
        shape = List.copyOf(shape);
    }

    /**
     * Lists the layers of a network.
     *
     * @param asRead the same network before its layers were rewritten
     */
    static List<ImportedLayer> of(CheckedModel network, LayerGraph asRead) {
        Map<String, String> classes =
                asRead.nodes().stream().collect(Collectors.toMap(LayerNode::name, LayerNode::className));
        return network.graph().nodes().stream()
                .map(node -> new ImportedLayer(
                        node.name(),
                        classes.getOrDefault(node.name(), node.className()),
                        node.inputs(),
                        network.shapes().get(node.name()).sizes(),
                        network.weights().containsKey(node.name())
                                ? network.weights().get(node.name()).values().stream()
                                        .mapToLong(tensor -> tensor.shape().elements())
                                        .sum()
                                : 0))
                .toList();
    }
}
