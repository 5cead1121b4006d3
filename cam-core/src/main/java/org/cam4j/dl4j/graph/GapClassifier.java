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

/** A classifier in a DL4J graph: its plan and the vertices of its parts. */
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
     * @return the classifier
     * @throws UnsupportedModelException if the network has no class activation map; the message names the layers that
     *     prevent one
     */
    public static GapClassifier find(ComputationGraph graph, int height, int width) {
        return find(graph, Optional.empty(), Optional.empty(), KnownLayers.NONE, height, width);
    }

    /**
     * Finds the parts of the classifier that ends in one of a graph's outputs.
     *
     * @param graph an initialised network with one input; not modified
     * @param output the name of one of its outputs; empty for its only one
     * @param layer the name of the target layer; empty for the last layer with cells
     * @param known the file's facts about the layers
     * @param height rows of its images
     * @param width columns of its images
     * @return the classifier
     * @throws UnsupportedModelException if there is no such output, the network is too large for such images, it has no class
     *     activation map, or weights on which the output depends are not finite
     */
    public static GapClassifier find(
            ComputationGraph graph,
            Optional<String> output,
            Optional<String> layer,
            KnownLayers known,
            int height,
            int width) {
        FiniteWeights.require(
                graph, output.map(List::of).orElse(graph.getConfiguration().getNetworkOutputs()));
        PlannedGraph planned = GraphPlanner.plan(graph, output, known, height, width);
        return new GapClassifier(planned, Classifier.find(planned.plan(), PlannedGraph.SCORES, planned.terms(), layer));
    }

    /**
     * Returns the parts, named like their vertices.
     *
     * @return target layer, head, activation; the plan is not simplified
     */
    public Classifier parts() {
        return parts;
    }

    /**
     * Returns the plan for engines.
     *
     * @return the simplified plan; empty if a plan cannot express the graph
     */
    public Optional<InferencePlan> plan() {
        return objection().isPresent() ? Optional.empty() : Optional.of(PlanPass.simplified(parts.plan()));
    }

    /**
     * Returns the reason why there is no plan.
     *
     * @return the layer that a plan cannot express, and why; empty if there is a plan
     */
    public Optional<String> objection() {
        return planned.objection();
    }

    /**
     * Returns the layout of images and maps in the graph.
     *
     * @return channels first or last
     */
    public CNN2DFormat format() {
        return planned.format();
    }

    /**
     * Returns the number of channels of an image.
     *
     * @return 3 for colour, 1 for grey
     */
    public int inputChannels() {
        return planned.plan().input().channels();
    }

    /**
     * Returns the vertices whose outputs are the target layer's activations.
     *
     * @return their names, in order
     */
    public List<String> mapNames() {
        return parts.maps().stream().map(MappedLayer::name).toList();
    }

    /**
     * Copies the network for inference; the copy outputs the target layer's activations and the logits.
     *
     * @return a new graph with its own weights; its outputs are the maps in {@link #format()}, in order, and then the logits
     */
    public ComputationGraph inferenceGraph() {
        return InferenceGraph.of(planned.graph(), mapNames(), parts.logits());
    }
}
