package org.cam4j.dl4j.graph;

import java.util.Map;
import java.util.Optional;
import org.cam4j.classifier.LayerTerms;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.External;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A graph and its plan, as the layers say it, before any pass.
 *
 * @param graph the network
 * @param input the input's name
 * @param format the layout in which the graph takes images
 * @param plan one step or a few for each layer, named like it; {@link #SCORES} is its output
 * @param values the numbers of the values that vertices give, by the vertices' names
 * @param terms what Keras calls the layers, for messages
 */
record PlannedGraph(
        ComputationGraph graph,
        String input,
        CNN2DFormat format,
        InferencePlan plan,
        Map<String, Integer> values,
        LayerTerms terms) {

    /** The plan's output: what the graph gives. */
    static final String SCORES = "scores";

    /** The layer that only DL4J runs and what about it; empty if every engine may run the plan. */
    Optional<String> objection() {
        return plan.steps().stream()
                .filter(step -> step.operation() instanceof External)
                .map(step -> ((External) step.operation()).description())
                .findFirst();
    }
}
