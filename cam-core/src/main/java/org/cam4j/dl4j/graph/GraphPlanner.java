package org.cam4j.dl4j.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.exception.Listed;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.TooLargeException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Compiles a graph into an {@link InferencePlan} that ends in one of its outputs.
 *
 * <p>Whatever the graph's layout, a plan's values are [h, w, c]. Weights are copied: the graph may be changed or freed
 * afterwards.
 */
final class GraphPlanner {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration configuration;
    private final InputSide side;
    private final Shape image;
    private final PlanBuilder plan;
    private final GraphSteps steps;
    private final KerasTerms terms;
    private final Map<String, Integer> values = new LinkedHashMap<>();
    /** DL4J's own sizes, computed when the first layer appears that a plan cannot express. */
    private Map<String, InputType> types = Map.of();

    private GraphPlanner(ComputationGraph graph, InputSide side, KnownLayers known, int height, int width) {
        this.graph = graph;
        this.configuration = graph.getConfiguration();
        this.side = side;
        this.image = new Shape(height, width, side.channels());
        this.plan = new PlanBuilder(image);
        this.steps = new GraphSteps(plan, graph, side.format(), known);
        this.terms = new KerasTerms(configuration, known);
    }

    /**
     * Compiles the plan.
     *
     * @param graph an initialised network with one input; not modified
     * @param chosen the name of one of its outputs; empty for its only one
     * @param known the file's facts about the layers
     * @param height rows of the images
     * @param width columns of the images
     * @throws UnsupportedModelException if there is no such output, or the network is too large for such images
     */
    static PlannedGraph plan(
            ComputationGraph graph, Optional<String> chosen, KnownLayers known, int height, int width) {
        ComputationGraphConfiguration configuration = graph.getConfiguration();
        String input = onlyInput(configuration);
        String output = output(configuration, chosen);
        InputSide side = InputSide.find(configuration, input, known.imageChannels());
        try {
            GraphPlanner planner = new GraphPlanner(graph, side, known, height, width);
            return new PlannedGraph(
                    graph,
                    input,
                    side.format(),
                    planner.plan(input, output),
                    planner.values,
                    step -> planner.terms.of(step.name()));
        } catch (TooLargeException e) {
            // Refused here because DL4J's layers would try to run it.
            throw new UnsupportedModelException(
                    "the network is too large for an image of " + height + "x" + width + ": " + e.getMessage()
                            + ". Take a smaller input size, or mend the layer.",
                    e);
        }
    }

    private InferencePlan plan(String input, String output) {
        Map<String, List<String>> inputs = configuration.getVertexInputs();
        values.put(input, InferencePlan.INPUT);
        Set<String> needed = Vertices.ancestors(inputs, List.of(output));
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !values.containsKey(name)) {
                int[] read = inputs.get(name).stream().mapToInt(values::get).toArray();
                values.put(name, planned(name, read));
            }
        }
        return plan.build(Map.of(PlannedGraph.SCORES, values.get(output)));
    }

    private int planned(String name, int... read) {
        requireChannels(name, read[0]);
        try {
            return steps.plan(name, read);
        } catch (UnplannedException e) {
            boolean moves = steps.movesCells(name);
            return plan.add(name, new External(e.getMessage(), shape(name, e), moves), read);
        }
    }

    /** Refuses layers whose weights are for another number of channels: no engine can run them. */
    private void requireChannels(String name, int read) {
        GraphVertex vertex = configuration.getVertices().get(name);
        boolean isReshaped = vertex instanceof LayerVertex layerVertex && layerVertex.getPreProcessor() != null;
        if (Vertices.layer(vertex) instanceof FeedForwardLayer layer
                && !isReshaped
                && (layer instanceof ConvolutionLayer || Vertices.isDense(layer))) {
            Shape shape = plan.shape(read);
            int found = layer instanceof ConvolutionLayer ? shape.channels() : shape.size();
            if (found != layer.getNIn()) {
                UnplannedException objection =
                        new UnplannedException(terms.of(name) + " reads " + layer.getNIn() + " channels, not " + shape);
                throw fails(objection, objection);
            }
        }
    }

    /** Returns DL4J's size of a layer's result. */
    private Shape shape(String name, UnplannedException objection) {
        if (types.isEmpty()) {
            types = types(objection);
        }
        InputType type = types.get(name);
        try {
            if (type instanceof InputType.InputTypeConvolutional map) {
                return new Shape(
                        Math.toIntExact(map.getHeight()),
                        Math.toIntExact(map.getWidth()),
                        Math.toIntExact(map.getChannels()));
            }
            if (type instanceof InputType.InputTypeFeedForward vector) {
                return new Shape(1, 1, Math.toIntExact(vector.getSize()));
            }
        } catch (IllegalArgumentException e) {
            throw fails(objection, e);
        }
        throw new UnsupportedModelException(
                "the size of what " + objection.getMessage() + " gives is not known: " + type
                        + ". Expected a layer that gives feature maps or features.",
                objection);
    }

    private Map<String, InputType> types(UnplannedException objection) {
        // A copy, since DL4J modifies the configuration here.
        ComputationGraphConfiguration copy = ComputationGraphConfiguration.fromJson(configuration.toJson());
        try {
            return copy.getLayerActivationTypes(
                    InputType.convolutional(image.height(), image.width(), image.channels(), side.format()));
        } catch (RuntimeException e) {
            throw fails(objection, e);
        }
    }

    private UnsupportedModelException fails(UnplannedException objection, Exception cause) {
        return new UnsupportedModelException(
                "the network fails on an image of " + image + ": " + objection.getMessage()
                        + ". Say the input size that it was made for, or mend the graph."
                        + (cause == objection ? "" : " (" + cause.getMessage() + ")"),
                cause);
    }

    private static String onlyInput(ComputationGraphConfiguration configuration) {
        List<String> inputs = configuration.getNetworkInputs();
        if (inputs.size() != 1) {
            throw new UnsupportedModelException("the network has " + inputs.size() + " inputs " + Listed.of(inputs)
                    + ": a class activation map is of one image. Make a graph with one input.");
        }
        return inputs.get(0);
    }

    private static String output(ComputationGraphConfiguration configuration, Optional<String> chosen) {
        List<String> outputs = configuration.getNetworkOutputs();
        if (chosen.isPresent() ? outputs.contains(chosen.get()) : outputs.size() == 1) {
            return chosen.orElse(outputs.get(0));
        }
        throw new UnsupportedModelException("the network has "
                + chosen.map(name -> "no output '" + name + "' but ").orElse("")
                + (outputs.size() == 1 ? "the output " : outputs.size() + " outputs ") + Listed.of(outputs)
                + ": a class activation map is of one classifying output. Choose one by its name or place.");
    }
}
