package org.cam4j.training.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A graph's layers as Keras'. Weights do not depend on where the channels are, so that a graph in NCHW becomes a model with channels
 * last like any other. Vertices that only copy are left out.
 */
final class KerasLayers {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration configuration;
    private final List<KerasLayer> layers = new ArrayList<>();

    /** The layer whose output is a vertex's. */
    private final Map<String, KerasLayer> byVertex = new LinkedHashMap<>();

    private final Set<String> names = new HashSet<>();
    private final List<String> objections = new ArrayList<>();

    private KerasLayers(ComputationGraph graph) {
        this.graph = graph;
        this.configuration = graph.getConfiguration();
    }

    /**
     * The layers in an order in which each comes after those that it reads; the last one is the output.
     *
     * @throws UnsupportedModelException if there are vertices that Keras has no layer for; the message names each
     */
    static List<KerasLayer> of(ComputationGraph graph, int height, int width, int channels) {
        return new KerasLayers(graph).converted(height, width, channels);
    }

    private List<KerasLayer> converted(int height, int width, int channels) {
        String input = configuration.getNetworkInputs().get(0);
        ObjectNode shape = object();
        shape.putArray("shape").add(height).add(width).add(channels);
        add(input, new KerasLayer("InputLayer", free(input), shape, 4, List.of(), List.of()));
        for (String name : configuration.getTopologicalOrderStr()) {
            GraphVertex vertex = configuration.getVertices().get(name);
            if (vertex != null) {
                convert(name, vertex instanceof FrozenVertex frozen ? frozen.getUnderlying() : vertex);
            }
        }
        if (!objections.isEmpty()) {
            throw new UnsupportedModelException("the graph has layers that are not written to Keras files: "
                    + String.join(", ", objections) + ". Save it as a DL4J zip instead.");
        }
        return layers;
    }

    private void convert(String name, GraphVertex vertex) {
        List<String> inputs = configuration.getVertexInputs().get(name);
        if (vertex instanceof ScaleVertex scale && scale.getScaleFactor() == 1) {
            byVertex.put(name, byVertex.get(inputs.get(0)));
        } else if (vertex instanceof ElementWiseVertex merge && mergeName(merge.getOp()) != null) {
            add(name, mergeName(merge.getOp()), object());
        } else if (vertex instanceof MergeVertex) {
            add(name, "Concatenate", object().put("axis", -1));
        } else if (vertex instanceof LayerVertex layer && layer.getPreProcessor() == null) {
            convert(name, layer.getLayerConf().getLayer());
        } else {
            refuse(name, vertex.getClass().getSimpleName());
        }
    }

    private void convert(String name, Layer layer) {
        Map<String, INDArray> weights = graph.getLayer(name).paramTable();
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            ObjectNode config = window(name, depthwise).put("depth_multiplier", depthwise.getDepthMultiplier());
            addActivated(
                    name,
                    "DepthwiseConv2D",
                    config,
                    depthwise.getActivationFn(),
                    weights(weights, KerasWeight.of("depthwise_kernel", weights.get("W"))));
        } else if (layer instanceof SeparableConvolution2D separable) {
            ObjectNode config = window(name, separable)
                    .put("depth_multiplier", separable.getDepthMultiplier())
                    .put("filters", separable.getNOut());
            addActivated(
                    name,
                    "SeparableConv2D",
                    config,
                    separable.getActivationFn(),
                    weights(
                            weights,
                            kernel("depthwise_kernel", weights.get("W")),
                            kernel("pointwise_kernel", weights.get("pW"))));
        } else if (layer.getClass() == ConvolutionLayer.class) {
            ConvolutionLayer convolution = (ConvolutionLayer) layer;
            addActivated(
                    name,
                    "Conv2D",
                    window(name, convolution).put("filters", convolution.getNOut()),
                    convolution.getActivationFn(),
                    weights(weights, kernel("kernel", weights.get("W"))));
        } else if (layer instanceof DenseLayer dense) {
            addDense(name, dense.getNOut(), dense.hasBias(), dense.getActivationFn(), weights);
        } else if (layer.getClass() == OutputLayer.class) {
            OutputLayer output = (OutputLayer) layer;
            addDense(name, output.getNOut(), output.hasBias(), output.getActivationFn(), weights);
        } else if (layer instanceof BatchNormalization normalization) {
            addNormalization(name, normalization, weights);
        } else {
            convertWithoutWeights(name, layer);
        }
    }

    private void convertWithoutWeights(String name, Layer layer) {
        if (layer instanceof SubsamplingLayer pooling && poolingName(pooling.getPoolingType()) != null) {
            requirePadding(name, pooling.getConvolutionMode(), pooling.getPadding());
            ObjectNode config = object().put("padding", padding(pooling.getConvolutionMode()));
            config.set("pool_size", pair(pooling.getKernelSize()));
            config.set("strides", pair(pooling.getStride()));
            add(name, poolingName(pooling.getPoolingType()) + "Pooling2D", config);
        } else if (layer instanceof GlobalPoolingLayer pooling
                && poolingName(pooling.getPoolingType()) != null
                && pooling.isCollapseDimensions()) {
            add(name, "Global" + poolingName(pooling.getPoolingType()) + "Pooling2D", object());
        } else if (layer instanceof ZeroPaddingLayer border) {
            add(name, "ZeroPadding2D", sides("padding", border.getPadding()));
        } else if (layer instanceof Cropping2D border) {
            add(name, "Cropping2D", sides("cropping", border.getCropping()));
        } else if (layer instanceof DropoutLayer) {
            // Only training knows it, and Keras' training is not this one's.
            byVertex.put(
                    name, byVertex.get(configuration.getVertexInputs().get(name).get(0)));
        } else if (layer instanceof ActivationLayer activation) {
            addActivation(name, name, activation.getActivationFn());
        } else if (layer instanceof LossLayer loss) {
            addActivation(name, name, loss.getActivationFn());
        } else {
            refuse(name, layer.getClass().getSimpleName());
        }
    }

    // ---- the layers with weights ----

    private ObjectNode window(String name, ConvolutionLayer convolution) {
        requirePadding(name, convolution.getConvolutionMode(), convolution.getPadding());
        ObjectNode config = object().put("padding", padding(convolution.getConvolutionMode()))
                .put("use_bias", convolution.hasBias());
        config.set("kernel_size", pair(convolution.getKernelSize()));
        config.set("strides", pair(convolution.getStride()));
        config.set("dilation_rate", pair(convolution.getDilation()));
        return config;
    }

    private void addDense(
            String name, long units, boolean biased, IActivation activation, Map<String, INDArray> weights) {
        ObjectNode config = object().put("units", units).put("use_bias", biased);
        addActivated(name, "Dense", config, activation, weights(weights, KerasWeight.of("kernel", weights.get("W"))));
    }

    private void addNormalization(String name, BatchNormalization normalization, Map<String, INDArray> weights) {
        boolean locked = normalization.isLockGammaBeta();
        INDArray mean = weights.get("mean");
        INDArray variance = weights.containsKey("var")
                ? weights.get("var")
                : Transforms.pow(Transforms.pow(mean.like().addi(10), weights.get("log10stdev"), true), 2, true);
        INDArray gamma = locked ? mean.like().addi(normalization.getGamma()) : weights.get("gamma");
        INDArray beta = locked ? mean.like().addi(normalization.getBeta()) : weights.get("beta");
        ObjectNode config = object().put("axis", -1)
                .put("epsilon", normalization.getEps())
                .put("momentum", normalization.getDecay());
        KerasLayer layer = layer(
                name,
                name,
                "BatchNormalization",
                config,
                List.of(
                        KerasWeight.vector("gamma", gamma),
                        KerasWeight.vector("beta", beta),
                        KerasWeight.vector("moving_mean", mean),
                        KerasWeight.vector("moving_variance", variance)));
        add(name, layer);
    }

    /** DL4J's [out, in, kh, kw] as Keras' [kh, kw, in, out]. */
    private static KerasWeight kernel(String name, INDArray weights) {
        return KerasWeight.of(name, weights.permute(2, 3, 1, 0));
    }

    private static List<KerasWeight> weights(Map<String, INDArray> parameters, KerasWeight... kernels) {
        List<KerasWeight> weights = new ArrayList<>(Arrays.asList(kernels));
        if (parameters.containsKey("b")) {
            weights.add(KerasWeight.vector("bias", parameters.get("b")));
        }
        return weights;
    }

    // ---- adding ----

    /** A layer with its activation, which becomes a layer of its own where Keras has no name for it. */
    private void addActivated(
            String name, String className, ObjectNode config, IActivation activation, List<KerasWeight> weights) {
        String known = KerasActivation.name(activation).orElse(KerasActivation.LINEAR);
        add(name, layer(name, name, className, config.put("activation", known), weights));
        if (KerasActivation.name(activation).isEmpty()) {
            addActivation(name, name + "_activation", activation);
        }
    }

    private void addActivation(String vertex, String name, IActivation function) {
        KerasActivation.layer(function)
                .ifPresentOrElse(
                        found -> add(vertex, layer(vertex, name, found.className(), found.config(), List.of())),
                        () -> refuse(vertex, "activation " + function));
    }

    private void add(String name, String className, ObjectNode config) {
        add(name, layer(name, name, className, config, List.of()));
    }

    private void add(String vertex, KerasLayer layer) {
        layers.add(layer);
        byVertex.put(vertex, layer);
    }

    private void refuse(String name, String found) {
        objections.add("'" + name + "' (" + found + ")");
        // So that the layers behind it are looked at too.
        add(name, "Refused", object());
    }

    /** A name that Keras 3 takes, which no other layer has. */
    private String free(String wanted) {
        String plain = wanted.replace('/', '_');
        String name = plain;
        for (int i = 1; !names.add(name); i++) {
            name = plain + "_" + i;
        }
        return name;
    }

    private KerasLayer layer(
            String vertex, String name, String className, ObjectNode config, List<KerasWeight> weights) {
        List<KerasLayer> inputs = byVertex.containsKey(vertex)
                ? List.of(byVertex.get(vertex))
                : configuration.getVertexInputs().get(vertex).stream()
                        .map(byVertex::get)
                        .toList();
        int rank = className.startsWith("Global") ? 2 : inputs.get(0).rank();
        return new KerasLayer(
                className,
                free(name),
                config,
                rank,
                inputs.stream().map(KerasLayer::name).toList(),
                weights);
    }

    // ---- words ----

    private void requirePadding(String name, ConvolutionMode mode, int[] padding) {
        boolean padded = padding != null && Arrays.stream(padding).anyMatch(cells -> cells != 0);
        if (mode != ConvolutionMode.Same && padded) {
            objections.add("'" + name + "' (padding " + Arrays.toString(padding) + " of its own)");
        }
    }

    private static String padding(ConvolutionMode mode) {
        return mode == ConvolutionMode.Same ? "same" : "valid";
    }

    private static String mergeName(ElementWiseVertex.Op operation) {
        return switch (operation) {
            case Add -> "Add";
            case Product -> "Multiply";
            case Subtract -> "Subtract";
            case Average -> "Average";
            case Max -> "Maximum";
            default -> null;
        };
    }

    private static String poolingName(PoolingType type) {
        return switch (type) {
            case MAX -> "Max";
            case AVG -> "Average";
            default -> null;
        };
    }

    private static ArrayNode pair(int[] sizes) {
        return JsonNodeFactory.instance.arrayNode().add(sizes[0]).add(sizes[1]);
    }

    private static ObjectNode sides(String key, int[] sides) {
        ObjectNode config = object();
        config.putArray(key).add(pair(new int[] {sides[0], sides[1]})).add(pair(new int[] {sides[2], sides[3]}));
        return config;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
