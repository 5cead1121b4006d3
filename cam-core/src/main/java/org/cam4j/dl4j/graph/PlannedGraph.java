package org.cam4j.dl4j.graph;

import java.util.Map;
import java.util.Optional;
import org.cam4j.classifier.LayerTerms;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.External;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A graph and its plan before any pass.
 *
 * @param graph the network
 * @param input the name of the graph's input
 * @param format the layout in which the graph takes images
 * @param plan one or a few steps for each layer, with the layer's name; {@link #SCORES} is the plan's output
 * @param values the numbers of the vertices' results, by vertex name
 * @param terms Keras' names of the layers, for messages
 */
record PlannedGraph(
        ComputationGraph graph,
        String input,
        CNN2DFormat format,
        InferencePlan plan,
        Map<String, Integer> values,
        LayerTerms terms) {

    /** The name of the plan's output: the graph's scores. */
    static final String SCORES = "scores";

    /** Returns the layer that only DL4J runs, and why; empty if every engine may run the plan. */
    Optional<String> objection() {
        return plan.steps().stream()
                .filter(step -> step.operation() instanceof External)
                .map(step -> ((External) step.operation()).description())
                .findFirst();
    }
}
