package org.cam4j.dl4j.layers;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.dl4j.graph.PlannedVertex;
import org.cam4j.plan.PlanBuilder;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer on maps [n, h, w, c] or vectors [n, c] with a parameter or two for each channel. */
abstract class ChannelwiseLayer extends FeedForwardLayer implements PlannedVertex {

    static final String GAMMA = "gamma";
    static final String BETA = "beta";

    private static final long serialVersionUID = 1;

    /** For reading from JSON. */
    ChannelwiseLayer() {}

    ChannelwiseLayer(long channels) {
        setNIn(channels);
        setNOut(channels);
        setActivationFn(new ActivationIdentity());
    }

    /** Returns the names of the parameters, each [c], with their initial values. */
    abstract Map<String, Double> parameters();

    abstract INDArray forward(INDArray input, Map<String, INDArray> parameters);

    /**
     * Computes the gradients by the chain rule.
     *
     * @param input of the layer
     * @param parameters by name
     * @param gradient of the loss with respect to the output
     * @param gradients receives the gradients with respect to the parameters
     * @return the gradient with respect to the input
     */
    abstract INDArray backward(
            INDArray input, Map<String, INDArray> parameters, INDArray gradient, Map<String, INDArray> gradients);

    /**
     * Adds the layer's operations to a plan.
     *
     * @param parameters by name
     * @return the number of the result
     */
    abstract int add(PlanBuilder plan, String name, int input, Map<String, INDArray> parameters);

    @Override
    public final int plan(PlanBuilder plan, String name, int[] inputs, Map<String, INDArray> weights) {
        return add(plan, name, inputs[0], weights);
    }

    @Override
    public final boolean supports(CNN2DFormat format) {
        return format == CNN2DFormat.NHWC;
    }

    /** Returns a parameter [c]; if the layer has none of that name, {@code otherwise} for each channel. */
    final float[] numbers(Map<String, INDArray> parameters, String name, float otherwise) {
        if (parameters.containsKey(name)) {
            return PlannedVertex.floats(parameters.get(name));
        }
        float[] numbers = new float[Math.toIntExact(getNIn())];
        Arrays.fill(numbers, otherwise);
        return numbers;
    }

    @Override
    public final ParamInitializer initializer() {
        Map<String, FlatParameters.Parameter> flat = new LinkedHashMap<>();
        parameters()
                .forEach((name, initially) -> flat.put(
                        name, new FlatParameters.Parameter(new long[] {getNIn()}, name.equals(GAMMA), initially)));
        return new FlatParameters(flat, 1, 1);
    }

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initializeParameters,
            DataType type) {
        return LayerStart.of(
                new ChannelwiseLayerRun(configuration, type),
                configuration,
                listeners,
                index,
                parameters,
                initializeParameters,
                initializer());
    }

    @Override
    public final InputType getOutputType(int layerIndex, InputType input) {
        return input;
    }

    @Override
    public final void setNIn(InputType input, boolean override) {
        // The number of channels is set in the constructor.
    }

    @Override
    public final InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public final LayerMemoryReport getMemoryReport(InputType input) {
        long parameters = initializer().numParams(this);
        return new LayerMemoryReport.Builder(getLayerName(), getClass(), input, input)
                .standardMemory(parameters, parameters)
                .build();
    }

    /** Returns a parameter [c] as [1, ..., 1, c] with the rank of a map or vector. */
    static INDArray along(INDArray parameter, INDArray array) {
        return array.rank() == 4
                ? parameter.reshape(1, 1, 1, parameter.length())
                : parameter.reshape(1, parameter.length());
    }

    /** Sums a gradient over all axes except the channels. */
    static INDArray summed(INDArray gradient) {
        return gradient.rank() == 4 ? gradient.sum(0, 1, 2) : gradient.sum(0);
    }
}
