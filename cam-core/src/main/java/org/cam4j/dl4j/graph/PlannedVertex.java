package org.cam4j.dl4j.graph;

import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Implemented by custom vertices and layers to name their operations, so that fast engines can run them.
 *
 * <p>The configuration class implements it: a {@link org.deeplearning4j.nn.conf.graph.GraphVertex} or
 * {@link org.deeplearning4j.nn.conf.layers.Layer}. If a custom vertex does not implement it, the whole graph runs on DL4J's layers.
 */
public interface PlannedVertex {

    /**
     * Adds the vertex's operations to a plan. Values are [h, w, c] in any layout of the graph; a vector is 1x1xc.
     *
     * @param plan receives the operations
     * @param name the vertex's name, for the steps
     * @param inputs the numbers of the values that the vertex reads, in order
     * @param weights the vertex's parameters by their names in DL4J; do not modify
     * @return the number of the vertex's result; may be one of {@code inputs}
     * @throws IllegalArgumentException if an {@link InferencePlan} cannot express the vertex; the message says why
     */
    int plan(PlanBuilder plan, String name, int[] inputs, Map<String, INDArray> weights);

    /**
     * Whether the operations are correct for a graph with the given layout. Defaults to true.
     *
     * @param format the layout of the graph's images
     * @return false if the vertex supports only the other layout
     */
    default boolean supports(CNN2DFormat format) {
        return true;
    }

    /**
     * Whether the vertex moves content to other rows or columns. Called only if the graph has no plan, to refuse boxes in the wrong
     * place.
     *
     * @return true if the vertex permutes, reshapes, crops or shifts
     */
    default boolean movesCells() {
        return false;
    }

    /**
     * Returns Keras' class name for messages. Defaults to the name of the Java class.
     *
     * @return a layer's class such as {@code Multiply}
     */
    default String kerasClass() {
        return getClass().getSimpleName();
    }

    /**
     * Whether output and input have the same number of channels. Used to find an image's channels from the first layer with weights.
     *
     * @return false if the vertex slices, concatenates or exchanges channels with rows or columns
     */
    default boolean keepsChannels() {
        return true;
    }

    /**
     * Copies a parameter's numbers for operations.
     *
     * @param array of any type and order; not modified
     * @return a copy in row-major order
     */
    static float[] floats(INDArray array) {
        return LayerPlanner.floats(array);
    }
}
