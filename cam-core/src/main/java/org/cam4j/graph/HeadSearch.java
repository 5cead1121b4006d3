package org.cam4j.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Walks from a graph's output towards its input: activation, head, flattening, pooling, last convolution.
 *
 * <p>Dropout and vertices that only copy are seen through everywhere.
 */
final class HeadSearch {

    private static final String REMEDY =
            "A class activation map needs global average pooling and the classes' weights directly"
                    + " on the pooled features (convolutions, GlobalAveragePooling2D, Dense).";

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration configuration;
    private final Map<String, GraphVertex> vertices;

    HeadSearch(ComputationGraph graph) {
        this.graph = graph;
        this.configuration = graph.getConfiguration();
        this.vertices = configuration.getVertices();
    }

    GapClassifier find(Optional<String> chosen) {
        String input = onlyInput();
        String output = output(chosen);
        ActivatedOutput activated = takeOffActivation(output);
        String head = activated.vertex;
        Layer layer = layer(head);
        if (layer instanceof DenseLayer || layer instanceof OutputLayer) {
            OutputActivation activation = headActivation(head, activated);
            String pooling = requirePooling(head);
            String features = seeThrough(onlyInput(pooling));
            return classifier(input, features, pooling, head, head, activation, weights(head), bias(head));
        }
        if (isPooling(layer) || isFlattening(head)) {
            return convolutionalHead(input, activated);
        }
        throw refuse("the output comes from " + describe(head) + ", which is no classifying layer");
    }

    /** A 1x1 convolution to classes before the pooling, or pooled channels that are the classes themselves. */
    private GapClassifier convolutionalHead(String input, ActivatedOutput activated) {
        String pooling = requirePooling(activated.vertex);
        String pooled = seeThrough(onlyInput(pooling));
        if (layer(pooled) instanceof ConvolutionLayer convolution && isLinearPointwise(convolution)) {
            String features = seeThrough(onlyInput(pooled));
            return classifier(
                    input, features, pooling, pooled, pooling, activated.activation, weights(pooled), bias(pooled));
        }
        if (activated.activation == OutputActivation.NONE) {
            throw refuse("the network ends with the pooling '" + pooling
                    + "' and has no classes: it is a feature extractor");
        }
        if (!(layer(pooled) instanceof ConvolutionLayer convolution)) {
            throw refuse("the pooling '" + pooling + "' before the "
                    + activated.activation.name().toLowerCase(Locale.ROOT) + " reads " + describe(pooled)
                    + ", not a convolution to classes");
        }
        long classes = convolution.getNOut();
        INDArray identity = Nd4j.eye(classes).castTo(DataType.FLOAT);
        return classifier(
                input,
                pooled,
                pooling,
                pooling,
                pooling,
                activated.activation,
                identity,
                Nd4j.zeros(DataType.FLOAT, classes));
    }

    private GapClassifier classifier(
            String input,
            String features,
            String pooling,
            String head,
            String logits,
            OutputActivation activation,
            INDArray weights,
            INDArray bias) {
        if (!vertices.containsKey(features)) {
            throw refuse("the pooling '" + pooling + "' reads the input '" + input
                    + "' itself, with no convolution between");
        }
        CNN2DFormat featureFormat = poolingFormat(pooling);
        InputSide inputSide = InputSide.find(configuration, input, featureFormat);
        return new GapClassifier(
                graph,
                input,
                inputSide.format(),
                inputSide.channels(),
                lastConvolution(features),
                features,
                featureFormat,
                pooling,
                head,
                logits,
                activation,
                weights,
                bias);
    }

    // ---- the output's activation ----

    private record ActivatedOutput(String vertex, OutputActivation activation) {}

    private ActivatedOutput takeOffActivation(String output) {
        OutputActivation activation = OutputActivation.NONE;
        String name = seeThrough(output);
        while (layer(name) instanceof ActivationLayer || layer(name) instanceof LossLayer) {
            IActivation function = layer(name) instanceof ActivationLayer separate
                    ? separate.getActivationFn()
                    : ((LossLayer) layer(name)).getActivationFn();
            OutputActivation found = OutputActivation.of(function);
            if (found == null || (found != OutputActivation.NONE && activation != OutputActivation.NONE)) {
                throw refuse("the output goes through the activation '" + function + "' of layer '" + name
                        + "'; softmax, sigmoid or none can be taken off");
            }
            activation = found == OutputActivation.NONE ? activation : found;
            name = seeThrough(onlyInput(name));
        }
        return new ActivatedOutput(name, activation);
    }

    private OutputActivation headActivation(String head, ActivatedOutput activated) {
        IActivation function = ((BaseLayer) layer(head)).getActivationFn();
        OutputActivation fused = OutputActivation.of(function);
        if (fused == null || (fused != OutputActivation.NONE && activated.activation != OutputActivation.NONE)) {
            throw refuse("the output layer '" + head + "' has the activation '" + function + "'"
                    + (activated.activation == OutputActivation.NONE ? "" : " below the " + activated.activation)
                    + "; softmax, sigmoid or none can be taken off");
        }
        return fused == OutputActivation.NONE ? activated.activation : fused;
    }

    // ---- the pooling ----

    private String requirePooling(String reader) {
        boolean flattened = isFlattening(reader) || hasFlatteningPreprocessor(reader);
        String name = isPooling(layer(reader)) ? reader : seeThrough(onlyInput(reader));
        while (isFlattening(name)) {
            flattened = true;
            name = seeThrough(onlyInput(name));
        }
        Layer layer = layer(name);
        if (isPooling(layer)) {
            requireAverage(name, layer);
            return name;
        }
        if (layer instanceof DenseLayer hidden) {
            throw new UnsupportedModelException(
                    "dense layer '" + name + "' (" + hidden.getNIn() + " -> " + hidden.getNOut()
                            + ") stands between pooling and the output layer '" + reader
                            + "': a class activation map needs the classes' weights directly on the pooled features."
                            + " Remove the hidden layer or use a gradient method.");
        }
        if (flattened) {
            throw refuse("the feature maps of " + describe(name) + " are flattened, not pooled, for the layer '"
                    + reader + "'");
        }
        throw refuse(describe(name) + " stands between pooling and the output layer '" + reader + "'");
    }

    private void requireAverage(String name, Layer layer) {
        String kind = layer instanceof GlobalPoolingLayer global
                ? global.getPoolingType().toString()
                : ((SubsamplingLayer) layer).getPoolingType().toString();
        if (!kind.equals(PoolingType.AVG.toString())) {
            throw refuse("the pooling '" + name + "' takes the " + (kind.equals("MAX") ? "maximum" : kind)
                    + " of each feature map, not the average");
        }
    }

    private static boolean isPooling(Layer layer) {
        return layer instanceof GlobalPoolingLayer || layer instanceof SubsamplingLayer;
    }

    private CNN2DFormat poolingFormat(String pooling) {
        if (layer(pooling) instanceof SubsamplingLayer subsampling) {
            return subsampling.getCnn2dDataFormat();
        }
        int[] dimensions = ((GlobalPoolingLayer) layer(pooling)).getPoolingDimensions();
        if (dimensions == null || Arrays.equals(dimensions, new int[] {2, 3})) {
            return CNN2DFormat.NCHW;
        }
        if (Arrays.equals(dimensions, new int[] {1, 2})) {
            return CNN2DFormat.NHWC;
        }
        throw refuse("the pooling '" + pooling + "' averages the dimensions " + Arrays.toString(dimensions)
                + ", not height and width");
    }

    // ---- weights ----

    private INDArray weights(String head) {
        INDArray weights = graph.getLayer(head).paramTable().get("W").castTo(DataType.FLOAT);
        // A 1x1 convolution's weights are [classes, k, 1, 1].
        return weights.rank() == 4
                ? weights.reshape(weights.size(0), weights.size(1)).transpose().dup('c')
                : weights.dup('c');
    }

    private INDArray bias(String head) {
        long classes = ((FeedForwardLayer) layer(head)).getNOut();
        INDArray bias = graph.getLayer(head).paramTable().get("b");
        return bias == null
                ? Nd4j.zeros(DataType.FLOAT, classes)
                : bias.castTo(DataType.FLOAT).dup('c').reshape(classes);
    }

    private static boolean isLinearPointwise(ConvolutionLayer convolution) {
        return convolution.getClass() == ConvolutionLayer.class
                && Arrays.equals(convolution.getKernelSize(), new int[] {1, 1})
                && Arrays.equals(convolution.getStride(), new int[] {1, 1})
                && (convolution.getPadding() == null || Arrays.equals(convolution.getPadding(), new int[] {0, 0}))
                && OutputActivation.of(convolution.getActivationFn()) == OutputActivation.NONE;
    }

    private String lastConvolution(String features) {
        String name = features;
        while (vertices.containsKey(name)) {
            if (layer(name) instanceof ConvolutionLayer) {
                return name;
            }
            List<String> inputs = configuration.getVertexInputs().get(name);
            name = inputs.get(inputs.size() - 1);
        }
        throw refuse("no convolution leads to '" + features + "'");
    }

    // ---- moving about ----

    /** The vertex itself, or what is below dropout and copies. */
    private String seeThrough(String name) {
        String current = name;
        while (layer(current) instanceof DropoutLayer || InPlaceActivations.isCopy(vertices.get(current))) {
            current = onlyInput(current);
        }
        return current;
    }

    private String onlyInput(String name) {
        List<String> inputs = configuration.getVertexInputs().get(name);
        if (inputs == null || inputs.isEmpty()) {
            throw refuse("the way from the output ends at '" + name + "' before any pooling");
        }
        if (inputs.size() > 1) {
            throw refuse(describe(name) + " joins " + inputs + " after the pooling");
        }
        return inputs.get(0);
    }

    private boolean isFlattening(String name) {
        GraphVertex vertex = vertices.get(name);
        return vertex instanceof PreprocessorVertex || vertex instanceof ReshapeVertex;
    }

    private boolean hasFlatteningPreprocessor(String name) {
        InputPreProcessor preprocessor =
                vertices.get(name) instanceof LayerVertex vertex ? vertex.getPreProcessor() : null;
        return preprocessor instanceof CnnToFeedForwardPreProcessor;
    }

    private Layer layer(String name) {
        return Vertices.layer(vertices.get(name));
    }

    private String describe(String name) {
        Layer layer = layer(name);
        if (layer != null) {
            return layer.getClass().getSimpleName() + " '" + name + "'";
        }
        return vertices.containsKey(name)
                ? vertices.get(name).getClass().getSimpleName() + " '" + name + "'"
                : "the input '" + name + "'";
    }

    private String onlyInput() {
        List<String> inputs = configuration.getNetworkInputs();
        if (inputs.size() != 1) {
            throw new UnsupportedModelException("the network has " + inputs.size() + " inputs " + inputs
                    + ": a class activation map is of one image. Make a graph with one input.");
        }
        return inputs.get(0);
    }

    private String output(Optional<String> chosen) {
        List<String> outputs = configuration.getNetworkOutputs();
        if (chosen.isPresent() ? outputs.contains(chosen.get()) : outputs.size() == 1) {
            return chosen.orElse(outputs.get(0));
        }
        throw new UnsupportedModelException("the network has "
                + chosen.map(name -> "no output '" + name + "' but ").orElse("")
                + outputs.size() + " outputs " + outputs
                + ": a class activation map is of one classifying output. Choose one by its name or place.");
    }

    private static UnsupportedModelException refuse(String found) {
        return new UnsupportedModelException(found + ". " + REMEDY);
    }
}
