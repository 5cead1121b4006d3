package org.cam4j.keras;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;

/**
 * A layer of the graph that became of a Keras model: after nested models were put in place of their calls, and what does nothing at
 * inference was dropped.
 *
 * @param name its name in the graph
 * @param className Keras' class, such as {@code Conv2D}; of a function, that of the layer that computes the same, {@code
 *     cam4j:ChannelOrder} where there is none
 * @param inputs names of the layers that it reads, in order
 * @param shape of what comes out, without the batch axis: [h, w, c] or [features]; -1 for a size that the model leaves open
 * @param parameters how many weights it has
 */
public record ImportedLayer(String name, String className, List<String> inputs, List<Integer> shape, long parameters) {

    /** Copies the lists. */
    public ImportedLayer {
        inputs = List.copyOf(inputs);
        shape = List.copyOf(shape);
    }

    /**
     * The layers of a network.
     *
     * @param asRead the same network before its layers were written as others
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
