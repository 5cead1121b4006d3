package org.cam4j.dl4j.graph;

import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.pass.PlanPass;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Plans a graph up to a vertex, whether a class activation map of it exists or not. */
public final class PlannedFeatures {

    private PlannedFeatures() {}

    /** The simplified plan of the vertex's activations alone; empty where a layer has none. */
    public static Optional<InferencePlan> of(ComputationGraph graph, String vertex, int height, int width) {
        PlannedGraph planned = GraphPlanner.plan(graph, Optional.empty(), KnownLayers.NONE, height, width);
        return planned.objection().isPresent()
                ? Optional.empty()
                : Optional.of(PlanPass.simplified(planned.plan()
                        .withOutputs(
                                Map.of(InferencePlan.FEATURES, planned.values().get(vertex)))));
    }
}
