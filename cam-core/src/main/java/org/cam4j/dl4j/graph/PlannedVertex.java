package org.cam4j.dl4j.graph;

import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex or layer of one's own that knows which operations it is, so that fast engines can run it: implemented by the
 * configuration class (a {@link org.deeplearning4j.nn.conf.graph.GraphVertex} or
 * {@link org.deeplearning4j.nn.conf.layers.Layer}). Without it the whole graph runs on DL4J's layers.
 */
public interface PlannedVertex {

    /**
     * Adds the vertex's operations to a plan. Values are [h, w, c] whatever the graph's layout; a batch of vectors is 1x1xc.
     *
     * @param plan where to
     * @param name the vertex's name, for the steps
     * @param inputs the numbers of the values that the vertex reads, in order
     * @param weights the vertex's parameters by their names in DL4J; not to be modified
     * @return the number of the value that the vertex makes, which may be one of its inputs
     * @throws IllegalArgumentException if it is nothing that an {@link InferencePlan} can say; the message says why
     */
    int plan(PlanBuilder plan, String name, int[] inputs, Map<String, INDArray> weights);

    /**
     * Whether the operations are right for a graph of a layout.
     *
     * @param format the layout of the graph's images
     * @return true unless the vertex itself knows only the other layout
     */
    default boolean supports(CNN2DFormat format) {
        return true;
    }

    /**
     * Whether cells change their places: what was in one row or column is in another. Asked for only where the graph has no plan, to
     * refuse boxes in the wrong place.
     *
     * @return true for what permutes, reshapes, crops or shifts
     */
    default boolean movesCells() {
        return false;
    }

    /**
     * What Keras calls it, for messages.
     *
     * @return a layer's class such as {@code Multiply}; defaults to the name of the Java class
     */
    default String kerasClass() {
        return getClass().getSimpleName();
    }

    /**
     * Whether what comes out has as many channels as what goes in: an image's channels are read off the first layer with weights.
     *
     * @return true unless channels are taken, joined or exchanged with rows or columns
     */
    default boolean keepsChannels() {
        return true;
    }

    /**
     * A parameter's numbers, for operations.
     *
     * @param array of any type and order; not modified
     * @return a copy in row-major order
     */
    static float[] floats(INDArray array) {
        return LayerPlanner.floats(array);
    }
}
