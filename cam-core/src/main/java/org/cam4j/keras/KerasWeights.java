package org.cam4j.keras;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.dl4j.graph.KerasTerms;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.build.GraphAssembly;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.StoredNames;
import org.cam4j.keras.file.Blame;
import org.cam4j.keras.file.FileFormat;
import org.cam4j.keras.file.KerasArchive;
import org.cam4j.keras.hdf5.WeightTensor;
import org.cam4j.keras.kind.BatchNormalizationKind;
import org.cam4j.keras.kind.ConvolutionKind;
import org.cam4j.keras.kind.DenseKind;
import org.cam4j.keras.kind.LayerKind;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads weights saved with {@code model.save_weights(...)} into a graph of the same architecture.
 *
 * <p>The graph comes from {@link KerasModels}, or is the application's own: its layers then have Keras' names and order, in channels
 * last. {@link KerasApplication} reads published weights by the network's name; {@link KerasReader#withWeights} reads a model from two
 * files, with all its layers.
 */
public final class KerasWeights {

    private static final String BIAS = "bias";

    private KerasWeights() {}

    /** A DL4J layer's class, kind and names of weights in Keras. */
    private record Known(String className, LayerKind kind, List<String> weights) {}

    /**
     * Copies weights into a graph. If any weight does not fit, the graph is not changed.
     *
     * @param graph an initialised graph, modified; layers of Keras' nested models are not found
     * @param weights a {@code .h5} or {@code .weights.h5} file
     * @throws ModelFileException if the file is missing or damaged, or its weights do not fit the graph's layers
     * @throws UnsupportedModelException if the graph has layers whose weights cannot be copied in; the message names each
     */
    public static void into(ComputationGraph graph, Path weights) {
        Blame.on("Keras weights '" + weights + "'", () -> {
            try (KerasArchive archive =
                    FileFormat.open(weights, ReadLimits.standard().files())) {
                Map<String, Map<String, WeightTensor>> parameters = new LinkedHashMap<>();
                Map<String, Known> known = known(graph);
                StoredNames names = new StoredNames();
                known.forEach((name, layer) -> {
                    LayerNode.WeightsAddress address = new LayerNode.WeightsAddress(
                            List.of(name), List.of(StoredNames.LAYERS + "/" + names.next(layer.className)));
                    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
                    archive.weights(address, layer.weights).forEach((key, tensor) -> tensors.put(key, tensor.read()));
                    requireNames(name, layer, tensors);
                    parameters.put(name, layer.kind.parameters(tensors));
                });
                parameters.forEach((name, tensors) -> GraphAssembly.requireFit(graph, name, tensors));
                parameters.forEach((name, tensors) -> GraphAssembly.fill(graph, name, tensors));
                return graph;
            }
        });
    }

    private static Map<String, Known> known(ComputationGraph graph) {
        Map<String, Known> known = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        // The configuration keeps the order in which layers were added, which is Keras' order.
        for (String name : graph.getConfiguration().getVertices().keySet()) {
            org.deeplearning4j.nn.api.Layer layer = graph.getLayer(name);
            if (layer != null && layer.numParams() > 0) {
                Known found = known(layer.conf().getLayer());
                if (found == null) {
                    unknown.add(KerasTerms.of(graph.getConfiguration(), name));
                } else {
                    known.put(name, found);
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw new UnsupportedModelException("the graph has layers whose weights cannot be put in: "
                    + String.join(", ", unknown) + ". Read it with KerasReader.withWeights instead.");
        }
        return known;
    }

    private static Known known(Layer layer) {
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            return known("DepthwiseConv2D", ConvolutionKind.DEPTHWISE, depthwise.hasBias(), "depthwise_kernel");
        }
        if (layer instanceof SeparableConvolution2D separable) {
            return known(
                    "SeparableConv2D",
                    ConvolutionKind.SEPARABLE,
                    separable.hasBias(),
                    "depthwise_kernel",
                    "pointwise_kernel");
        }
        if (layer.getClass() == ConvolutionLayer.class) {
            return known("Conv2D", ConvolutionKind.STANDARD, ((ConvolutionLayer) layer).hasBias(), "kernel");
        }
        if (layer instanceof DenseLayer dense) {
            return known("Dense", new DenseKind(), dense.hasBias(), "kernel");
        }
        if (layer instanceof OutputLayer output) {
            return known("Dense", new DenseKind(), output.hasBias(), "kernel");
        }
        return layer instanceof BatchNormalization
                ? known(
                        "BatchNormalization",
                        new BatchNormalizationKind(),
                        false,
                        "gamma",
                        "beta",
                        "moving_mean",
                        "moving_variance")
                : null;
    }

    private static Known known(String className, LayerKind kind, boolean biased, String... names) {
        List<String> weights = new ArrayList<>(List.of(names));
        if (biased) {
            weights.add(BIAS);
        }
        return new Known(className, kind, weights);
    }

    private static void requireNames(String name, Known layer, Map<String, WeightTensor> found) {
        if (!found.keySet().equals(Set.copyOf(layer.weights))) {
            throw new ModelFileException("the layer " + Quoted.of(name) + " has the weights " + found.keySet()
                    + " in the file, expected " + layer.weights + ". They are of another model.");
        }
    }
}
