package org.cam4j.dl4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Normalises by statistics of the input itself: {@code y = gamma · z + beta} with {@code z = (x - mean) / √(variance + epsilon)}. A
 * subclass chooses the axes of mean and variance.
 */
abstract class NormalizationLayer extends ChannelwiseLayer {

    private static final long serialVersionUID = 1;

    @JsonProperty
    private double epsilon;

    @JsonProperty
    private boolean scaled;

    @JsonProperty
    private boolean centered;

    /** For reading from JSON. */
    NormalizationLayer() {}

    NormalizationLayer(long channels, double epsilon, boolean scaled, boolean centered) {
        super(channels);
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon must be at least 0: " + epsilon);
        }
        this.epsilon = epsilon;
        this.scaled = scaled;
        this.centered = centered;
    }

    /**
     * Returns the number added to the variance.
     *
     * @return at least 0
     */
    public final double getEpsilon() {
        return epsilon;
    }

    /**
     * Whether there is a gamma.
     *
     * @return false where it is 1
     */
    public final boolean isScaled() {
        return scaled;
    }

    /**
     * Whether there is a beta.
     *
     * @return false where it is 0
     */
    public final boolean isCentered() {
        return centered;
    }

    @Override
    final Map<String, Double> parameters() {
        Map<String, Double> parameters = new LinkedHashMap<>();
        if (scaled) {
            parameters.put(GAMMA, 1.0);
        }
        if (centered) {
            parameters.put(BETA, 0.0);
        }
        return parameters;
    }

    /** {@code z}, a new array. */
    abstract INDArray normalized(INDArray input);

    /**
     * Computes the gradient with respect to the input.
     *
     * @param normalized {@code z}
     * @param gradient of the loss with respect to {@code z}
     */
    abstract INDArray backward(INDArray input, INDArray normalized, INDArray gradient);

    @Override
    final INDArray forward(INDArray input, Map<String, INDArray> parameters) {
        INDArray output = normalized(input);
        if (scaled) {
            output.muli(along(parameters.get(GAMMA), input));
        }
        if (centered) {
            output.addi(along(parameters.get(BETA), input));
        }
        return output;
    }

    @Override
    final INDArray backward(
            INDArray input, Map<String, INDArray> parameters, INDArray gradient, Map<String, INDArray> gradients) {
        INDArray z = normalized(input);
        INDArray g = gradient.dup();
        if (centered) {
            gradients.get(BETA).assign(summed(gradient));
        }
        if (scaled) {
            gradients.get(GAMMA).assign(summed(gradient.mul(z)));
            g.muli(along(parameters.get(GAMMA), input));
        }
        return backward(input, z, g);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormalizationLayer layer
                && layer.getClass() == getClass()
                && layer.epsilon == epsilon
                && layer.scaled == scaled
                && layer.centered == centered
                && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Double.hashCode(epsilon);
    }
}
