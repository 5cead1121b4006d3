package org.cam4j.keras.rewrite;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.TensorShape;

/**
 * Skips a {@code Reshape} before global pooling if it keeps the channels. The average and the maximum of each channel do not depend on the
 * order of the cells, and without the reshape the map's cells keep their places in the photo.
 */
public final class PooledReshapes {

    private static final Set<String> POOLING = Set.of("GlobalAveragePooling2D", "GlobalMaxPooling2D");

    private PooledReshapes() {}

    /** Returns the same network without such reshapes. */
    public static CheckedModel seenThrough(CheckedModel network) {
        LayerGraph graph = network.graph();
        Map<String, LayerNode> byName = new HashMap<>();
        graph.nodes().forEach(node -> byName.put(node.name(), node));
        List<LayerNode> nodes = graph.nodes().stream()
                .map(node -> POOLING.contains(node.className())
                        ? node.withInputs(List.of(source(node.inputs().get(0), byName, network.shapes())))
                        : node)
                .toList();
        return network.withGraph(new LayerGraph(nodes, graph.inputs(), graph.outputs()).withOutputs(graph.outputs()));
    }

    private static String source(String name, Map<String, LayerNode> byName, Map<String, TensorShape> shapes) {
        LayerNode node = byName.get(name);
        if (!node.className().equals("Reshape")) {
            return name;
        }
        String read = node.inputs().get(0);
        TensorShape map = shapes.get(read);
        return map.isMap() && map.channels() == shapes.get(name).channels() ? source(read, byName, shapes) : name;
    }
}
