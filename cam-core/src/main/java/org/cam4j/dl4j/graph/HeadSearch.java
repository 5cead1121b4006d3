package org.cam4j.dl4j.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.cam4j.exception.Listed;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Walks from a graph's output towards its input, activation, linear layers, poolings, last convolutions, and folds what is
 * linear into the classes' weights on the pooled features.
 *
 * <p>Dropout and vertices that only copy are seen through everywhere.
 */
final class HeadSearch {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration configuration;
    private final Map<String, GraphVertex> vertices;
    private final KnownLayers known;
    private final KerasTerms terms;

    HeadSearch(ComputationGraph graph, KnownLayers known) {
        this.graph = graph;
        this.configuration = graph.getConfiguration();
        this.vertices = configuration.getVertices();
        this.known = known;
        this.terms = new KerasTerms(configuration, known);
    }

    GapClassifier find(Optional<String> chosen) {
        String input = onlyInput();
        ActivatedOutput activated = takeOffActivation(output(chosen));
        String logits = activated.vertex;
        OutputActivation activation =
                Vertices.isDense(layer(logits)) ? headActivation(logits, activated) : activated.activation;
        HeadPath path = HeadPath.of(configuration, logits, terms);
        CNN2DFormat format = poolingFormat(path.poolings());
        Map<String, String> pooled = new LinkedHashMap<>();
        path.poolings().forEach(pooling -> pooled.put(pooling, pooledMap(input, pooling)));
        InputSide inputSide = InputSide.find(configuration, input, format, known.imageChannels());
        KnownLayers all = new KnownLayers(OptionalInt.of(inputSide.channels()), known.classes(), known.channels());
        PooledAffine folded = new HeadFold(graph, logits, pooled, format, all).folded(path);
        String head = head(logits);
        if (path.vertices().stream().noneMatch(name -> Vertices.isDense(layer(name)))) {
            List<String> convolutions = folded.rows().keySet().stream()
                    .filter(this::isConvolutionToClasses)
                    .toList();
            if (convolutions.isEmpty() && activation == OutputActivation.NONE) {
                throw HeadRefusal.of(
                        "the network ends with the pooling '" + path.poolings().get(0)
                                + "' and has no classes: it is a feature extractor",
                        "Put a Dense layer of the classes on it and train that.");
            }
            for (String convolution : convolutions) {
                folded = folded.through(convolution, HeadFold.pointwise(graph, convolution, readBy(convolution)));
            }
            head = convolutions.size() == 1 && folded.rows().size() == 1 ? convolutions.get(0) : head;
        }
        return new GapClassifier(
                graph,
                input,
                inputSide.format(),
                inputSide.channels(),
                maps(folded),
                format,
                path.poolings(),
                head,
                logits,
                activation,
                weights(folded),
                bias(folded),
                known);
    }

    /** What a pooling averages. */
    private String pooledMap(String input, String pooling) {
        String features = seeThrough(onlyInput(pooling));
        if (!vertices.containsKey(features)) {
            throw HeadRefusal.of(
                    "the pooling '" + pooling + "' reads the input '" + input + "' itself, with no convolution between",
                    "Put convolutions before it.");
        }
        return features;
    }

    /**
     * The layer that the classes belong to: the dense layer, what joins several, or the last pooling where the pooled channels are
     * the classes.
     */
    private String head(String logits) {
        String name = logits;
        while (!Vertices.isDense(layer(name)) && !isPooling(layer(name))) {
            List<String> inputs = configuration.getVertexInputs().get(name);
            if (inputs.size() > 1) {
                return name;
            }
            name = inputs.get(0);
        }
        return name;
    }

    private List<PooledMap> maps(PooledAffine folded) {
        List<PooledMap> maps = new ArrayList<>();
        folded.rows()
                .forEach((features, rows) -> maps.add(new PooledMap(
                        features, lastConvolution(features), requirePositive(features, rows.channels()))));
        return maps;
    }

    private static int requirePositive(String features, int channels) {
        if (channels == 0) {
            throw new UnsupportedModelException(
                    "nothing tells how many feature maps '" + features + "' gives: put the pooling on a convolution.");
        }
        return channels;
    }

    /** What a convolution to classes reads. */
    private String readBy(String convolution) {
        String features = seeThrough(onlyInput(convolution));
        if (!vertices.containsKey(features)) {
            throw HeadRefusal.of(
                    "the convolution to classes '" + convolution + "' reads the input '" + features + "' itself",
                    "Put convolutions before it.");
        }
        return features;
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
                throw HeadRefusal.of(
                        "the output goes through the activation '" + KerasTerms.of(function) + "' of layer '" + name
                                + "', where softmax, sigmoid or none can be taken off",
                        "Choose another output, or train the head with one of these.");
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
            throw HeadRefusal.of(
                    "the output layer '" + head + "' has the activation '" + KerasTerms.of(function) + "'"
                            + (activated.activation == OutputActivation.NONE
                                    ? ""
                                    : " below the "
                                            + activated.activation.name().toLowerCase(Locale.ROOT))
                            + ", where one of softmax, sigmoid or none can be taken off",
                    "Choose another output, or train the head with one of these.");
        }
        return fused == OutputActivation.NONE ? activated.activation : fused;
    }

    // ---- the pooling ----

    private static boolean isPooling(Layer layer) {
        return layer instanceof GlobalPoolingLayer || layer instanceof SubsamplingLayer;
    }

    private CNN2DFormat poolingFormat(List<String> poolings) {
        List<CNN2DFormat> formats =
                poolings.stream().map(this::poolingFormat).distinct().toList();
        if (formats.size() > 1) {
            throw HeadRefusal.of(
                    "the poolings " + Listed.bracketed(poolings) + " read maps of different layouts, " + formats,
                    "Build the graph in one of them.");
        }
        return formats.get(0);
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
        throw HeadRefusal.of(
                "the pooling '" + pooling + "' averages the dimensions " + Arrays.toString(dimensions)
                        + ", not height and width",
                "Pool over height and width.");
    }

    // ---- weights ----

    /** [k, classes], the maps' channels one after the other. */
    private static INDArray weights(PooledAffine folded) {
        int channels =
                folded.rows().values().stream().mapToInt(ChannelRows::channels).sum();
        int classes = folded.count();
        float[] weights = new float[Math.multiplyExact(channels, classes)];
        int start = 0;
        for (ChannelRows rows : folded.rows().values()) {
            for (int c = 0; c < classes; c++) {
                double[] row = new double[rows.channels()];
                rows.addTo(c, 1, row);
                for (int k = 0; k < row.length; k++) {
                    weights[(start + k) * classes + c] = (float) row[k];
                }
            }
            start += rows.channels();
        }
        return Nd4j.createFromArray(weights).reshape('c', channels, classes);
    }

    private static INDArray bias(PooledAffine folded) {
        float[] bias = new float[folded.count()];
        for (int c = 0; c < bias.length; c++) {
            bias[c] = (float) folded.shift()[c];
        }
        return Nd4j.createFromArray(bias);
    }

    private boolean isConvolutionToClasses(String name) {
        return layer(name) instanceof ConvolutionLayer convolution
                && convolution.getClass() == ConvolutionLayer.class
                && Arrays.equals(convolution.getKernelSize(), new int[] {1, 1})
                && Arrays.equals(convolution.getStride(), new int[] {1, 1})
                && (convolution.getPadding() == null || Arrays.equals(convolution.getPadding(), new int[] {0, 0}))
                && OutputActivation.of(convolution.getActivationFn()) == OutputActivation.NONE;
    }

    private String lastConvolution(String features) {
        // What a vertex joins is looked through from its last input to its first: after a shortcut's sum, the branch
        // comes first.
        Deque<String> open = new ArrayDeque<>(List.of(features));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!vertices.containsKey(name) || !seen.add(name)) {
                continue;
            }
            if (layer(name) instanceof ConvolutionLayer) {
                return name;
            }
            configuration.getVertexInputs().get(name).forEach(open::push);
        }
        throw HeadRefusal.of("no convolution leads to '" + features + "'", "Put convolutions before the pooling.");
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
            throw HeadRefusal.of(
                    "the way from the output ends at the input '" + name + "' before any pooling",
                    "Put GlobalAveragePooling2D and a Dense layer of the classes on its feature maps.");
        }
        if (inputs.size() > 1) {
            throw HeadRefusal.of(
                    terms.of(name) + " joins " + Listed.bracketed(inputs) + " behind the classes",
                    "Choose another output.");
        }
        return inputs.get(0);
    }

    private Layer layer(String name) {
        return Vertices.layer(vertices.get(name));
    }

    private String onlyInput() {
        List<String> inputs = configuration.getNetworkInputs();
        if (inputs.size() != 1) {
            throw new UnsupportedModelException(
                    "the network has " + inputs.size() + " inputs " + Listed.bracketed(inputs)
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
                + (outputs.size() == 1 ? "the output " : outputs.size() + " outputs ") + Listed.bracketed(outputs)
                + ": a class activation map is of one classifying output. Choose one by its name or place.");
    }
}
