package org.cam4j.keras.build;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.file.KerasArchive;
import org.cam4j.keras.hdf5.StoredTensor;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.LayerKind;
import org.cam4j.keras.kind.LayerKinds;

/**
 * A checked model: the graph, the shapes of all outputs, and weights that fit, not yet read from the file.
 *
 * @param graph a graph of supported layers only, without objections
 * @param shapes output shapes by node
 * @param weights weights by node, then by Keras' name
 */
public record CheckedModel(
        LayerGraph graph, Map<String, TensorShape> shapes, Map<String, Map<String, StoredTensor>> weights) {

    /**
     * Infers the shapes and compares every layer's expected weights with the archive's.
     *
     * @throws ModelFileException if weights are missing, too many, of another shape, or beyond the limits
     * @throws org.cam4j.exception.UnsupportedModelException if layers cannot be built; the exception names each
     */
    public static CheckedModel of(LayerGraph graph, KerasArchive archive, WeightLimits limits) {
        Map<String, TensorShape> shapes = ShapeInference.of(graph);
        Map<String, Map<String, StoredTensor>> weights = new LinkedHashMap<>();
        Map<String, LayerNode.WeightsAddress> owners = new HashMap<>();
        long elements = 0;
        for (LayerNode node : graph.nodes()) {
            Map<String, TensorShape> expected = kind(node).weights(node.config(), inputShapes(node, shapes));
            if (expected.isEmpty()) {
                continue;
            }
            for (TensorShape shape : expected.values()) {
                requireElements(node, shape.elements(), limits.tensorElements());
                elements = Math.addExact(elements, shape.elements());
            }
            requireElements(node, elements, limits.totalElements());
            Map<String, StoredTensor> found =
                    fitting(node, expected, archive.weights(node.weights(), List.copyOf(expected.keySet())));
            for (StoredTensor tensor : found.values()) {
                LayerNode.WeightsAddress owner =
                        owners.putIfAbsent(tensor.dataset().getPath(), node.weights());
                if (owner != null && !owner.equals(node.weights())) {
                    throw new ModelFileException("the dataset "
                            + Quoted.of(tensor.dataset().getPath()) + " would be of two layers, "
                            + Quoted.of(String.join("/", owner.layers())) + " and "
                            + Quoted.of(String.join("/", node.weights().layers()))
                            + ": their names in the file do not tell them apart. Save the model as .keras.");
                }
            }
            weights.put(node.name(), found);
        }
        return new CheckedModel(graph, shapes, weights);
    }

    private static void requireElements(LayerNode node, long elements, long most) {
        if (elements > most) {
            throw new ModelFileException("with " + node.config() + " there are " + elements + " values, more than the "
                    + most + " that are read. If the file is sound, raise the limit.");
        }
    }

    private static Map<String, StoredTensor> fitting(
            LayerNode node, Map<String, TensorShape> expected, Map<String, StoredTensor> stored) {
        Map<String, StoredTensor> found = LowRankKernels.merged(node.config(), named(stored, expected));
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

    /** Matches weights to the expected names; weights that Keras 3 stored without names are in the layer's order. */
    private static Map<String, StoredTensor> named(
            Map<String, StoredTensor> stored, Map<String, TensorShape> expected) {
        if (stored.size() != expected.size()
                || !stored.keySet().stream().allMatch(name -> name.matches("variable(_\\d+)?"))) {
            return stored;
        }
        Map<String, StoredTensor> named = new LinkedHashMap<>();
        Iterator<StoredTensor> tensors = stored.values().iterator();
        expected.keySet().forEach(name -> named.put(name, tensors.next()));
        return named;
    }

    /** Returns the shape of the first input. */
    public TensorShape inputShape() {
        return shapes.get(graph.inputs().get(0));
    }

    public CheckedModel withGraph(LayerGraph changed) {
        return new CheckedModel(changed, shapes, weights);
    }

    public static LayerKind kind(LayerNode node) {
        return LayerKinds.of(node).orElseThrow(() -> new IllegalStateException("not checked: " + node.config()));
    }

    public List<TensorShape> inputShapes(LayerNode node) {
        return inputShapes(node, shapes);
    }

    private static List<TensorShape> inputShapes(LayerNode node, Map<String, TensorShape> shapes) {
        return node.inputs().stream().map(shapes::get).toList();
    }
}
