package org.cam4j.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;

/**
 * Keeps DL4J's {@link ActivationLayer} from overwriting its input.
 *
 * <p>At inference DL4J 1.0.0-M2.1 computes a separate activation layer in the array that it was given, so that a second
 * reader of that array, a residual branch or the caller, silently gets the activated values. A vertex that multiplies by one
 * copies the array first.
 */
public final class InPlaceActivations {

    private static final String COPY = "__copy";

    private InPlaceActivations() {}

    /**
     * Puts a copying vertex in front of every activation layer that has none.
     *
     * @param configuration modified; its topological order is forgotten
     */
    public static void protect(ComputationGraphConfiguration configuration) {
        Map<String, GraphVertex> vertices = configuration.getVertices();
        for (String name : List.copyOf(vertices.keySet())) {
            if (isActivationLayer(vertices.get(name))) {
                List<String> inputs = configuration.getVertexInputs().get(name);
                if (!isCopy(vertices.get(inputs.get(0)))) {
                    vertices.put(name + COPY, new ScaleVertex(1.0));
                    configuration.getVertexInputs().put(name + COPY, new ArrayList<>(inputs));
                    configuration.getVertexInputs().put(name, new ArrayList<>(List.of(name + COPY)));
                }
            }
        }
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
    }

    private static boolean isActivationLayer(GraphVertex vertex) {
        return vertex instanceof LayerVertex layer && layer.getLayerConf().getLayer() instanceof ActivationLayer;
    }

    /** Whether a vertex only copies. */
    static boolean isCopy(GraphVertex vertex) {
        return vertex instanceof ScaleVertex scale && scale.getScaleFactor() == 1.0;
    }
}
