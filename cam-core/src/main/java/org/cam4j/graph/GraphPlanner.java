package org.cam4j.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Shape;
import org.cam4j.plan.TooLargeException;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compiles a classifier's graph, up to its last convolution's activations, into an {@link InferencePlan}.
 *
 * <p>Whatever the graph's layout, a plan's values are [h, w, c]. Weights are copied: the graph may be changed or freed
 * afterwards.
 */
public final class GraphPlanner {

    private final GapClassifier classifier;
    private final ComputationGraph graph;
    private final PlanBuilder plan;
    private final LayerPlanner layers;
    private final VertexPlanner vertices;
    private final Map<String, Integer> values = new HashMap<>();

    private GraphPlanner(GapClassifier classifier, Shape input) {
        this.classifier = classifier;
        this.graph = classifier.graph();
        this.plan = new PlanBuilder(input);
        this.layers = new LayerPlanner(plan, classifier.inputFormat());
        this.vertices = new VertexPlanner(plan, classifier.inputFormat());
    }

    /**
     * Makes the plan.
     *
     * @param classifier a network and its parts; not modified
     * @param height rows of the images
     * @param width columns of the images
     * @return the simplified plan, or the layer that no plan can express
     */
    public static Planning plan(GapClassifier classifier, int height, int width) {
        try {
            Shape input = new Shape(height, width, classifier.inputChannels());
            return Planning.of(new GraphPlanner(classifier, input).plan().simplified());
        } catch (TooLargeException e) {
            // DL4J's layers would try.
            throw new UnsupportedModelException(
                    "the network is too large for an image of " + height + "x" + width + ": " + e.getMessage()
                            + ". Take a smaller input size, or mend the layer.",
                    e);
        } catch (UnplannedException | IllegalArgumentException e) {
            return Planning.refused(e.getMessage());
        }
    }

    private InferencePlan plan() throws UnplannedException {
        values.put(classifier.input(), InferencePlan.INPUT);
        Set<String> needed =
                Vertices.ancestors(graph.getConfiguration().getVertexInputs(), List.of(classifier.features()));
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !values.containsKey(name)) {
                values.put(name, planned(name));
            }
        }
        return plan.build(values.get(classifier.features()), classifier.linearHead());
    }

    private int planned(String name) throws UnplannedException {
        GraphVertex vertex = graph.getConfiguration().getVertices().get(name);
        Layer layer = Vertices.layer(vertex);
        int[] inputs = graph.getConfiguration().getVertexInputs().get(name).stream()
                .mapToInt(values::get)
                .toArray();
        try {
            if (vertex instanceof LayerVertex layerVertex && layerVertex.getPreProcessor() != null) {
                vertices.requireSameNumbers(layerVertex.getPreProcessor(), inputs[0]);
            }
            if (layer instanceof PlannedVertex planned) {
                return planned(planned, name, inputs);
            }
            if (vertex instanceof PlannedVertex planned) {
                return planned(planned, name, inputs);
            }
            return layer == null
                    ? vertices.plan(name, vertex, inputs)
                    : layers.plan(name, layer, inputs[0], weights(name));
        } catch (TooLargeException e) {
            throw new TooLargeException("layer '" + name + "': " + e.getMessage());
        } catch (UnplannedException | IllegalArgumentException e) {
            String kind = (layer == null ? vertex : layer).getClass().getSimpleName();
            throw new UnplannedException(kind + " '" + name + "': " + e.getMessage());
        }
    }

    private int planned(PlannedVertex vertex, String name, int[] inputs) throws UnplannedException {
        if (!vertex.supports(classifier.inputFormat())) {
            throw new UnplannedException("does not work in a graph of " + classifier.inputFormat());
        }
        return vertex.plan(plan, name, inputs, weights(name));
    }

    private Map<String, INDArray> weights(String name) {
        Map<String, INDArray> weights = graph.getVertex(name).paramTable(false);
        return weights == null ? Map.of() : weights;
    }
}
