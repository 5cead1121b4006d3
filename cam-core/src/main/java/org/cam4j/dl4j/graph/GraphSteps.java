package org.cam4j.dl4j.graph;

import java.util.Map;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.TooLargeException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Adds a graph's vertices to a plan, one by one. */
final class GraphSteps {

    private final PlanBuilder plan;
    private final ComputationGraph graph;
    private final CNN2DFormat format;
    private final LayerPlanner layers;
    private final VertexPlanner vertices;
    private final KerasTerms terms;

    GraphSteps(PlanBuilder plan, ComputationGraph graph, CNN2DFormat format, KnownLayers known) {
        this.plan = plan;
        this.graph = graph;
        this.format = format;
        this.layers = new LayerPlanner(plan, format, known);
        this.vertices = new VertexPlanner(plan, format);
        this.terms = new KerasTerms(graph.getConfiguration(), known);
    }

    /**
     * Adds a vertex.
     *
     * @param name of the vertex
     * @param inputs the numbers of the values that it reads, in order
     * @return the number of the result
     * @throws UnplannedException if a plan cannot express the vertex; the message names the vertex
     */
    int plan(String name, int... inputs) throws UnplannedException {
        GraphVertex vertex = graph.getConfiguration().getVertices().get(name);
        Layer layer = Vertices.layer(vertex);
        try {
            if (vertex instanceof LayerVertex layerVertex && layerVertex.getPreProcessor() != null) {
                inputs[0] = vertices.preprocessed(name, layerVertex.getPreProcessor(), inputs[0]);
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
            throw new UnplannedException(terms.of(name) + ": " + e.getMessage());
        }
    }

    /** Whether a vertex that a plan cannot express may move content to another row or column. */
    boolean movesCells(String name) {
        GraphVertex vertex = graph.getConfiguration().getVertices().get(name);
        Layer layer = Vertices.layer(vertex);
        if (layer instanceof PlannedVertex planned) {
            return planned.movesCells();
        }
        if (vertex instanceof PlannedVertex planned) {
            return planned.movesCells();
        }
        return layer instanceof ZeroPaddingLayer
                || layer instanceof Cropping2D
                || Vertices.isReshaping(vertex)
                || (vertex instanceof LayerVertex layerVertex && layerVertex.getPreProcessor() != null);
    }

    private int planned(PlannedVertex vertex, String name, int... inputs) throws UnplannedException {
        if (!vertex.supports(format)) {
            throw new UnplannedException("does not work in a graph of " + format);
        }
        return vertex.plan(plan, name, inputs, weights(name));
    }

    private Map<String, INDArray> weights(String name) {
        Map<String, INDArray> weights = graph.getVertex(name).paramTable(false);
        return weights == null ? Map.of() : weights;
    }
}
