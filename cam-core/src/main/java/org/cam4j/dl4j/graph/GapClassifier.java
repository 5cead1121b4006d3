package org.cam4j.dl4j.graph;

import java.util.List;
import java.util.Optional;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.MappedLayer;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.pass.PlanPass;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A classifier that is a graph of DL4J's: its plan, and the vertices that the parts are. */
public final class GapClassifier {

    private final PlannedGraph planned;
    private final Classifier parts;

    private GapClassifier(PlannedGraph planned, Classifier parts) {
        this.planned = planned;
        this.parts = parts;
    }

    /**
     * Finds the parts of a classifier in a graph.
     *
     * @param graph an initialised network with one input and one output; not modified
     * @param height rows of its images
     * @param width columns of its images
     * @return its parts
     * @throws UnsupportedModelException if a class activation map of the network does not exist; the message names the layers that
     *     stand in the way
     */
    public static GapClassifier find(ComputationGraph graph, int height, int width) {
        return find(graph, Optional.empty(), KnownLayers.NONE, height, width);
    }

    /**
     * Finds the parts of the classifier that ends in one of a graph's outputs.
     *
     * @param graph an initialised network with one input; not modified
     * @param output the name of one of its outputs; empty for its only one
     * @param known what the file tells of the layers
     * @param height rows of its images
     * @param width columns of its images
     * @return its parts
     * @throws UnsupportedModelException if there is no such output, the network is too large for such images, a class activation
     *     map of it does not exist, or weights that it depends on are not finite
     */
    public static GapClassifier find(
            ComputationGraph graph, Optional<String> output, KnownLayers known, int height, int width) {
        FiniteWeights.require(
                graph, output.map(List::of).orElse(graph.getConfiguration().getNetworkOutputs()));
        PlannedGraph planned = GraphPlanner.plan(graph, output, known, height, width);
        return new GapClassifier(planned, Classifier.find(planned.plan(), PlannedGraph.SCORES, planned.terms()));
    }

    /**
     * The graph.
     *
     * @return the graph itself
     */
    public ComputationGraph graph() {
        return planned.graph();
    }

    /**
     * The parts, as the plan shows them. Their names are the vertices' names.
     *
     * @return target layer, head, activation; the plan is not simplified
     */
    public Classifier parts() {
        return parts;
    }

    /**
     * What engines run.
     *
     * @return the simplified plan; empty if the graph does something that no plan can say
     */
    public Optional<InferencePlan> plan() {
        return objection().isPresent() ? Optional.empty() : Optional.of(PlanPass.simplified(parts.plan()));
    }

    /**
     * Why there is no plan.
     *
     * @return the layer in the way and what about it; empty if there is a plan
     */
    public Optional<String> objection() {
        return planned.objection();
    }

    /**
     * The layout of images and maps in the graph.
     *
     * @return channels first or last
     */
    public CNN2DFormat format() {
        return planned.format();
    }

    /**
     * Channels of an image.
     *
     * @return 3 for colour, 1 for grey
     */
    public int inputChannels() {
        return planned.plan().input().channels();
    }

    /**
     * The vertices whose outputs are the maps.
     *
     * @return their names, in order
     */
    public List<String> mapNames() {
        return parts.maps().stream().map(MappedLayer::name).toList();
    }

    /**
     * A copy of the network for inference that gives the last convolution's activations and the logits.
     *
     * @return a new graph with its own weights; its outputs are the maps in {@link #format()}, in order, and then the logits
     */
    public ComputationGraph inferenceGraph() {
        return InferenceGraph.of(planned.graph(), mapNames(), parts.logits());
    }
}
