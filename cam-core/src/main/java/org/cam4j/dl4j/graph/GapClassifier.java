package org.cam4j.dl4j.graph;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.LinearHead;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A classifier whose logits are an affine function of globally average-pooled feature maps: the networks for which class
 * activation maps exist (Zhou et al., CVPR 2016, section 2).
 *
 * <p>{@code logit_c = Σ_k W(k, c) · mean(A_k) + b_c} with {@code A} the last convolution's activations. The head is a dense layer on
 * the pooled features, a 1x1 convolution before the pooling, nothing where the pooled channels are the classes (then {@code W} is
 * the identity), or any sequence, sum and concatenation of linear layers: {@code W} and {@code b} are what they fold into. Where
 * several feature maps of one size are pooled, {@code A} is their concatenation along the channels.
 *
 * @param graph the network
 * @param input the input's name
 * @param inputFormat the layout in which the graph takes images
 * @param inputChannels channels of an image
 * @param maps what is pooled; {@code A} is their concatenation, in order
 * @param featureFormat the layout of the maps
 * @param poolings the average poolings' names
 * @param head the name of the layer that the classes belong to: the last dense layer or what joins several, the convolution to
 *     classes, or the pooling where there is none
 * @param logits the vertex whose output, with its activation taken off, are the logits
 * @param activation what the network does to its logits
 * @param weights {@code W} [k, classes], float
 * @param bias {@code b} [classes], float
 * @param known what the file tells of the layers, for messages
 */
public record GapClassifier(
        ComputationGraph graph,
        String input,
        CNN2DFormat inputFormat,
        int inputChannels,
        List<PooledMap> maps,
        CNN2DFormat featureFormat,
        List<String> poolings,
        String head,
        String logits,
        OutputActivation activation,
        INDArray weights,
        INDArray bias,
        KnownLayers known) {

    private static final String JOINED = " + ";

    /** Checks that weights and bias are of the same classes, and the weights of the maps' channels. */
    public GapClassifier {
        Objects.requireNonNull(graph, "graph");
        Objects.requireNonNull(known, "known");
        maps = List.copyOf(maps);
        poolings = List.copyOf(poolings);
        if (weights.rank() != 2 || bias.rank() != 1 || weights.size(1) != bias.size(0)) {
            throw new IllegalArgumentException("weights must be [k, classes] and bias [classes]: "
                    + weights.shapeInfoToString() + ", " + bias.shapeInfoToString());
        }
        int channels = maps.stream().mapToInt(PooledMap::channels).sum();
        if (weights.size(0) != channels) {
            throw new IllegalArgumentException("weights of " + weights.size(0) + " channels for maps of " + channels);
        }
    }

    /**
     * Finds the parts of a classifier in a graph.
     *
     * @param graph an initialised network with one input and one output; not modified
     * @return its parts
     * @throws UnsupportedModelException if a class activation map of the network does not exist, naming the layers that stand
     *     in the way
     */
    public static GapClassifier find(ComputationGraph graph) {
        return find(graph, Optional.empty(), KnownLayers.NONE);
    }

    /**
     * Finds the parts of the classifier that ends in one of a graph's outputs.
     *
     * @param graph an initialised network with one input; not modified
     * @param output the name of one of its outputs
     * @return its parts
     * @throws UnsupportedModelException if there is no such output, or a class activation map of it does not exist
     */
    public static GapClassifier find(ComputationGraph graph, String output) {
        return find(graph, Optional.of(output), KnownLayers.NONE);
    }

    /**
     * Finds the parts of a classifier in a graph whose layers are known better than the graph tells.
     *
     * @param graph an initialised network with one input; not modified
     * @param output the name of one of its outputs; empty for its only one
     * @param known what the file that the graph was read from tells of its layers
     * @return its parts
     * @throws UnsupportedModelException if there is no such output, a class activation map of it does not exist, or weights that it
     *     depends on are not finite
     */
    public static GapClassifier find(ComputationGraph graph, Optional<String> output, KnownLayers known) {
        FiniteWeights.require(
                graph, output.map(List::of).orElse(graph.getConfiguration().getNetworkOutputs()));
        return new HeadSearch(graph, known).find(output);
    }

    /**
     * The vertices whose outputs are the maps.
     *
     * @return their names, in order
     */
    public List<String> mapNames() {
        return maps.stream().map(PooledMap::features).toList();
    }

    /**
     * The vertex whose output is {@code A}.
     *
     * @return its name; several are joined by " + "
     */
    public String features() {
        return String.join(JOINED, mapNames());
    }

    /**
     * The convolution nearest to the pooling.
     *
     * @return its name; several are joined by " + "
     */
    public String lastConvolution() {
        return maps.stream().map(PooledMap::lastConvolution).distinct().collect(Collectors.joining(JOINED));
    }

    /**
     * The average pooling.
     *
     * @return its name; several are joined by " + "
     */
    public String pooling() {
        return String.join(JOINED, poolings);
    }

    /**
     * A copy of the network for inference that gives the last convolution's activations and the logits.
     *
     * @return a new graph with its own weights; its outputs are the {@link #maps()} in {@link #featureFormat()}, in order, and then
     *     the logits
     */
    public ComputationGraph inferenceGraph() {
        return InferenceGraph.of(this);
    }

    /**
     * A copy of the end of the network: what it does itself to the last convolution's activations.
     *
     * @return a new graph with its own weights that takes the {@link #maps()} in {@link #featureFormat()}, in order, and gives the
     *     logits
     */
    public ComputationGraph headGraph() {
        return InferenceGraph.endOf(this);
    }

    /**
     * Weights and bias in Java's memory.
     *
     * @return copies
     */
    public LinearHead linearHead() {
        return new LinearHead(LayerPlanner.floats(weights), LayerPlanner.floats(bias));
    }

    /**
     * Feature maps of the last convolution.
     *
     * @return k
     */
    public int channels() {
        return (int) weights.size(0);
    }

    /**
     * Outputs of the head.
     *
     * @return the number of classes
     */
    public int classes() {
        return (int) weights.size(1);
    }
}
