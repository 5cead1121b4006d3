package org.cam4j.keras;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.exception.ModelFileException;

/**
 * A model that has been checked: the graph, the shape of every node's output, and the weights that fit it.
 *
 * @param graph every layer known, every objection answered
 * @param shapes by node
 * @param weights by node, then by Keras' name; finite
 */
record Network(LayerGraph graph, Map<String, Shape> shapes, Map<String, Map<String, Tensor>> weights) {

    /**
     * Infers the shapes, compares what every layer must have with what the archive holds, and only then reads.
     *
     * @throws ModelFileException if weights are missing, too many, of another shape or type, or not finite
     * @throws org.cam4j.exception.UnsupportedModelException naming every layer that cannot be built
     */
    static Network read(LayerGraph graph, KerasArchive archive) {
        Map<String, Shape> shapes = ShapeInference.of(graph);
        Map<String, Map<String, StoredTensor>> stored = new LinkedHashMap<>();
        for (LayerNode node : graph.nodes()) {
            Map<String, Shape> expected = kind(node).weights(node.config(), inputShapes(node, shapes));
            if (!expected.isEmpty()) {
                stored.put(node.name(), fitting(node, expected, archive.weights(node.weights())));
            }
        }
        Map<String, Map<String, Tensor>> weights = new HashMap<>();
        stored.forEach((node, tensors) -> {
            Map<String, Tensor> read = new LinkedHashMap<>();
            tensors.forEach((name, tensor) -> read.put(name, tensor.read()));
            weights.put(node, read);
        });
        return new Network(graph, shapes, weights);
    }

    private static Map<String, StoredTensor> fitting(
            LayerNode node, Map<String, Shape> expected, Map<String, StoredTensor> found) {
        if (!found.keySet().equals(expected.keySet())) {
            throw new ModelFileException(
                    node.config() + " has the weights " + found.keySet() + " in the file, expected " + expected.keySet()
                            + ". Weights and configuration are not of the same model: save it again.");
        }
        expected.forEach((name, shape) -> {
            if (!found.get(name).shape().equals(shape)) {
                throw new ModelFileException("'" + name + "' of " + node.config() + " has the shape "
                        + found.get(name).shape() + " in the file, expected " + shape
                        + ". Weights and configuration are not of the same model: save it again.");
            }
        });
        return found;
    }

    /** The shape of the first input. */
    Shape inputShape() {
        return shapes.get(graph.inputs().get(0));
    }

    Network withGraph(LayerGraph changed) {
        return new Network(changed, shapes, weights);
    }

    static LayerKind kind(LayerNode node) {
        return LayerKinds.of(node).orElseThrow(() -> new IllegalStateException("not checked: " + node.config()));
    }

    List<Shape> inputShapes(LayerNode node) {
        return inputShapes(node, shapes);
    }

    private static List<Shape> inputShapes(LayerNode node, Map<String, Shape> shapes) {
        return node.inputs().stream().map(shapes::get).toList();
    }
}
