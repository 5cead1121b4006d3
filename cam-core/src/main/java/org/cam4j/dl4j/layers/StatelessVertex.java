package org.cam4j.dl4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.dl4j.graph.PlannedVertex;
import org.cam4j.plan.PlanBuilder;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex without parameters: a function of its inputs with a known gradient.
 *
 * <p>Immutable; vertices of the same class with equal settings are equal.
 */
public abstract class StatelessVertex extends GraphVertex implements PlannedVertex {

    private static final long serialVersionUID = 1;

    /**
     * Computes the output.
     *
     * @param inputs not modified
     * @return a new array
     */
    abstract INDArray forward(INDArray... inputs);

    /**
     * Computes the gradients by the chain rule.
     *
     * @param gradient of the loss with respect to the output; not modified
     * @param inputs the inputs of {@link #forward}; not modified
     * @return gradients of the loss with respect to each input, new arrays of the inputs' shapes
     */
    abstract INDArray[] backward(INDArray gradient, INDArray... inputs);

    /** Returns the settings that distinguish this vertex from others of its class. */
    abstract List<?> settings();

    /** Returns the shape of the output. */
    abstract InputType outputType(InputType... inputs);

    /**
     * Adds the vertex's operations to a plan.
     *
     * @return the number of the result
     */
    abstract int plan(PlanBuilder plan, String name, int... inputs);

    @Override
    public final int plan(PlanBuilder plan, String name, int[] inputs, Map<String, INDArray> weights) {
        return plan(plan, name, inputs);
    }

    @Override
    public final boolean supports(CNN2DFormat format) {
        return format == CNN2DFormat.NHWC;
    }

    /** Returns the least and the greatest number of inputs. */
    @Override
    public int minVertexInputs() {
        return 1;
    }

    @Override
    public int maxVertexInputs() {
        return 1;
    }

    @Override
    public final long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public final org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameters,
            boolean initializeParameters,
            DataType type) {
        return new StatelessVertexRun(this, graph, name, index, type);
    }

    @Override
    public final InputType getOutputType(int layerIndex, InputType... inputs) {
        return outputType(inputs);
    }

    @Override
    public final MemoryReport getMemoryReport(InputType... inputs) {
        return new LayerMemoryReport.Builder(null, getClass(), inputs[0], outputType(inputs)).build();
    }

    /** Returns this vertex, since it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public final GraphVertex clone() {
        return this;
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // Settings of different classes may be equal lists.
    public final boolean equals(Object other) {
        return other != null
                && other.getClass() == getClass()
                && settings().equals(((StatelessVertex) other).settings());
    }

    @Override
    public final int hashCode() {
        return 31 * getClass().hashCode() + settings().hashCode();
    }

    /** {@code ResizeVertex[32, 32, BILINEAR]}. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + settings();
    }

    /** Returns floats as a list; lists of equal values are equal. */
    static List<Float> listed(float... values) {
        Float[] boxed = new Float[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return List.of(boxed);
    }
}
