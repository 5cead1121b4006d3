package org.cam4j.dl4j.layers;

import java.util.Map;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ScaleShift;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scales every channel by a trained factor: {@code y = gamma · x}. This is the {@code LayerScale} of ConvNeXt (Touvron et al.,
 * ICCV 2021).
 *
 * <p>Takes maps [n, h, w, c] and vectors [n, c]; {@code gamma} is [c].
 */
public final class ChannelScale extends ChannelwiseLayer {

    private static final long serialVersionUID = 1;

    /** For reading from JSON. */
    ChannelScale() {}

    /**
     * Creates a layer.
     *
     * @param channels c
     */
    public ChannelScale(long channels) {
        super(channels);
    }

    @Override
    Map<String, Double> parameters() {
        return Map.of(GAMMA, 1.0);
    }

    @Override
    int add(PlanBuilder plan, String name, int input, Map<String, INDArray> parameters) {
        float[] nothing = new float[Math.toIntExact(getNIn())];
        return plan.add(name, new ScaleShift(numbers(parameters, GAMMA, 1), nothing, Activation.IDENTITY), input);
    }

    @Override
    INDArray forward(INDArray input, Map<String, INDArray> parameters) {
        return input.mul(along(parameters.get(GAMMA), input));
    }

    @Override
    INDArray backward(
            INDArray input, Map<String, INDArray> parameters, INDArray gradient, Map<String, INDArray> gradients) {
        gradients.get(GAMMA).assign(summed(gradient.mul(input)));
        return gradient.mul(along(parameters.get(GAMMA), input));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelScale && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + 1;
    }

    @Override
    public String kerasClass() {
        return "LayerScale";
    }
}
