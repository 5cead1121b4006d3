package org.cam4j.keras.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.TensorShape;

/** Drops the layers that pass their input on unchanged at inference: dropout, augmentation, linear activation. */
public final class IdleLayers {

    private IdleLayers() {}

    public static CheckedModel dropped(CheckedModel network) {
        LayerGraph graph = network.graph();
        Map<String, String> sources = new HashMap<>();
        List<LayerNode> kept = new ArrayList<>();
        for (LayerNode node : graph.nodes()) {
            List<TensorShape> inputs = network.inputShapes(node);
            if (inputs.size() == 1 && CheckedModel.kind(node).isIdle(node.config(), inputs.get(0))) {
                String source = node.inputs().get(0);
                sources.put(node.name(), sources.getOrDefault(source, source));
            } else {
                kept.add(node.withInputs(through(sources, node.inputs())));
            }
        }
        return network.withGraph(new LayerGraph(kept, graph.inputs(), through(sources, graph.outputs())));
    }

    private static List<String> through(Map<String, String> sources, List<String> names) {
        return names.stream().map(name -> sources.getOrDefault(name, name)).toList();
    }
}
