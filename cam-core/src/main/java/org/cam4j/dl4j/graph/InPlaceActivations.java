package org.cam4j.dl4j.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;

/**
 * Keeps DL4J's {@link ActivationLayer} and {@link PReLULayer} from overwriting their input.
 *
 * <p>At inference DL4J 1.0.0-M2.1 computes a separate activation in the array that it was given, so that a second
 * reader of that array, a residual branch or the caller, silently gets the activated values. A vertex that multiplies by one
 * copies the array first.
 */
public final class InPlaceActivations {

    private InPlaceActivations() {}

    /**
     * Inserts a copying vertex before every such layer that has none.
     *
     * @param configuration modified; its topological order is cleared
     */
    public static void protect(ComputationGraphConfiguration configuration) {
        Map<String, GraphVertex> vertices = configuration.getVertices();
        for (String name : List.copyOf(vertices.keySet())) {
            List<String> inputs = configuration.getVertexInputs().get(name);
            if (overwritesInput(vertices.get(name)) && !isCopy(vertices.get(inputs.get(0)))) {
                String copy = name + "-input";
                while (vertices.containsKey(copy)) {
                    copy += "-";
                }
                vertices.put(copy, new ScaleVertex(1.0));
                configuration.getVertexInputs().put(copy, inputs);
                configuration.getVertexInputs().put(name, new ArrayList<>(List.of(copy)));
            }
        }
        // Computed again, with the copies, when the graph is created.
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
    }

    private static boolean overwritesInput(GraphVertex vertex) {
        Layer layer = Vertices.layer(vertex);
        return layer instanceof ActivationLayer || layer instanceof PReLULayer;
    }

    /** Whether a vertex only copies. */
    static boolean isCopy(GraphVertex vertex) {
        return vertex instanceof ScaleVertex scale && scale.getScaleFactor() == 1.0;
    }
}
