package org.cam4j.keras.build;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.config.ForeignModels;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.Refusals;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.LayerKind;
import org.cam4j.keras.kind.LayerKinds;

/** Infers shapes through a graph before anything is built, and refuses layers that cannot be built exactly. */
public final class ShapeInference {

    private ShapeInference() {}

    /**
     * Returns the shape of every node's output.
     *
     * @throws org.cam4j.exception.UnsupportedModelException if layers cannot be built; the exception names each
     * @throws org.cam4j.exception.ModelFileException if the configuration contradicts itself
     */
    public static Map<String, TensorShape> of(LayerGraph graph) {
        Map<String, TensorShape> shapes = new HashMap<>();
        Refusals refusals = new Refusals();
        for (LayerNode node : graph.nodes()) {
            LayerKind kind = LayerKinds.of(node).orElse(null);
            if (kind == null) {
                refusals.add(node, unread(node));
                continue;
            }
            Optional<String> objection = kind.objection(node.config());
            if (objection.isPresent()) {
                refusals.add(node, objection.get());
                continue;
            }
            if (!kind.accepts(node.inputs().size())) {
                throw node.config().contradiction("has " + node.inputs().size() + " inputs");
            }
            if (!shapes.keySet().containsAll(node.inputs())) {
                continue; // Behind a refused layer, whose output shape is unknown.
            }
            List<TensorShape> inputs = node.inputs().stream().map(shapes::get).toList();
            objection = kind.objection(node.config(), inputs);
            if (objection.isPresent()) {
                refusals.add(node, objection.get());
            } else {
                shapes.put(node.name(), kind.output(node.config(), inputs));
            }
        }
        refusals.throwIfAny();
        return shapes;
    }

    private static String unread(LayerNode node) {
        if (node.config().has(LayerConfig.REASON)) {
            return node.config().text(LayerConfig.REASON, "");
        }
        return node.className().equals("Lambda")
                ? "Python code, which is not run; supply what it does as a custom layer"
                : ForeignModels.objection(node.className()).orElse("a layer that is not read");
    }
}
