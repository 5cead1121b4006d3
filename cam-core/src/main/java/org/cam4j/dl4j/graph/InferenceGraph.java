package org.cam4j.dl4j.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies a classifier's graph so that it outputs activations and logits instead of probabilities. */
final class InferenceGraph {

    private InferenceGraph() {}

    /**
     * Returns a copy that computes activations and logits from images.
     *
     * @param maps the vertices that output the activations
     * @param logits the vertex whose output without its activation is the logits
     */
    static ComputationGraph of(ComputationGraph graph, List<String> maps, String logits) {
        // Not clone(): it loses the axis of DL4J's MergeVertex.
        ComputationGraphConfiguration configuration =
                ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson());
        if (Vertices.layer(configuration.getVertices().get(logits)) instanceof BaseLayer layer
                && !maps.contains(logits)) {
            layer.setActivationFn(new ActivationIdentity());
        }
        List<String> outputs = new ArrayList<>(maps);
        outputs.add(logits);
        configuration.setNetworkOutputs(outputs);
        return built(configuration, graph);
    }

    private static ComputationGraph built(ComputationGraphConfiguration configuration, ComputationGraph source) {
        configuration.setInferenceWorkspaceMode(workspaces(configuration));
        configuration.setCacheMode(CacheMode.NONE);
        keepAncestorsOfOutputs(configuration);
        keepOutputsFromInput(configuration);
        InPlaceActivations.protect(configuration);

        ComputationGraph copy = new ComputationGraph(configuration);
        copy.init(weightsToFill(configuration), false);
        copyWeights(source, copy);
        return copy;
    }

    /**
     * DL4J 1.0.0-M2.1's workspaces save allocations, but fail for a normalisation that is an output, and for some graphs of three
     * outputs and more.
     */
    private static WorkspaceMode workspaces(ComputationGraphConfiguration configuration) {
        List<String> outputs = configuration.getNetworkOutputs();
        boolean areSound = outputs.size() <= 2
                && outputs.stream()
                        .map(configuration.getVertices()::get)
                        .noneMatch(vertex -> Vertices.layer(vertex) instanceof BatchNormalization);
        return areSound ? WorkspaceMode.ENABLED : WorkspaceMode.NONE;
    }

    private static void keepAncestorsOfOutputs(ComputationGraphConfiguration configuration) {
        Map<String, List<String>> inputs = configuration.getVertexInputs();
        Set<String> needed = Vertices.ancestors(inputs, configuration.getNetworkOutputs());
        configuration.getVertices().keySet().retainAll(needed);
        inputs.keySet().retainAll(needed);
    }

    /** Inserts a copy between the input and an output that reads it, on which DL4J 1.0.0-M2.1 fails. */
    private static void keepOutputsFromInput(ComputationGraphConfiguration configuration) {
        Map<String, List<String>> inputs = configuration.getVertexInputs();
        for (String output : configuration.getNetworkOutputs()) {
            List<String> read = inputs.get(output);
            if (configuration.getNetworkInputs().equals(read)) {
                String copy = read.get(0) + "-copy";
                while (configuration.getVertices().containsKey(copy)) {
                    copy += "-";
                }
                configuration.getVertices().put(copy, new ScaleVertex(1.0));
                inputs.put(copy, new ArrayList<>(read));
                inputs.put(output, new ArrayList<>(List.of(copy)));
            }
        }
    }

    /** Allocates an array for all weights, so that DL4J does not initialise random ones first. */
    private static INDArray weightsToFill(ComputationGraphConfiguration configuration) {
        long count = 0;
        for (GraphVertex vertex : configuration.getVertices().values()) {
            vertex.setDataType(configuration.getDataType());
            count += vertex.numParams(true);
        }
        return count == 0 ? null : Nd4j.create(configuration.getDataType(), 1, count);
    }

    private static void copyWeights(ComputationGraph source, ComputationGraph copy) {
        for (Layer layer : copy.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            Map<String, INDArray> from = source.getLayer(name).paramTable();
            layer.paramTable().forEach((key, array) -> array.assign(from.get(key)));
        }
    }
}
