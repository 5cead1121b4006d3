package org.cam4j.dl4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.LayerNormalize;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Normalises the channels of each cell: {@code y = gamma · (x - mean) / √(variance + epsilon) + beta}, with mean and variance
 * over the channels (Ba et al., 2016).
 *
 * <p>Takes maps [n, h, w, c] and vectors [n, c]; {@code gamma} and {@code beta} are [c].
 */
public final class LayerNormalization extends ChannelwiseLayer {

    private static final long serialVersionUID = 1;

    @JsonProperty
    private double epsilon;

    @JsonProperty
    private boolean scaled;

    @JsonProperty
    private boolean centered;

    /** For reading from JSON. */
    LayerNormalization() {}

    /**
     * A layer.
     *
     * @param channels c
     * @param epsilon added to the variance, at least 0
     * @param scaled whether there is a gamma
     * @param centered whether there is a beta
     */
    public LayerNormalization(long channels, double epsilon, boolean scaled, boolean centered) {
        super(channels);
        if (epsilon < 0) {
            throw new IllegalArgumentException("epsilon must be at least 0: " + epsilon);
        }
        this.epsilon = epsilon;
        this.scaled = scaled;
        this.centered = centered;
    }

    /**
     * What is added to the variance.
     *
     * @return at least 0
     */
    public double getEpsilon() {
        return epsilon;
    }

    /**
     * Whether there is a gamma.
     *
     * @return false where it is 1
     */
    public boolean isScaled() {
        return scaled;
    }

    /**
     * Whether there is a beta.
     *
     * @return false where it is 0
     */
    public boolean isCentered() {
        return centered;
    }

    @Override
    Map<String, Double> parameters() {
        Map<String, Double> parameters = new LinkedHashMap<>();
        if (scaled) {
            parameters.put(GAMMA, 1.0);
        }
        if (centered) {
            parameters.put(BETA, 0.0);
        }
        return parameters;
    }

    @Override
    int add(PlanBuilder plan, String name, int input, Map<String, INDArray> parameters) {
        return plan.add(
                name,
                new LayerNormalize((float) epsilon, numbers(parameters, GAMMA, 1), numbers(parameters, BETA, 0)),
                input);
    }

    @Override
    INDArray forward(INDArray input, Map<String, INDArray> parameters) {
        INDArray output = normalized(input);
        if (scaled) {
            output.muli(along(parameters.get(GAMMA), input));
        }
        if (centered) {
            output.addi(along(parameters.get(BETA), input));
        }
        return output;
    }

    private INDArray normalized(INDArray input) {
        INDArray output = input.sub(input.mean(true, last(input)));
        return output.divi(deviation(input));
    }

    /** √(variance + epsilon), one per cell. */
    private INDArray deviation(INDArray input) {
        INDArray difference = input.sub(input.mean(true, last(input)));
        INDArray variance = difference.muli(difference).mean(true, last(input));
        return Transforms.sqrt(variance.addi(epsilon), false);
    }

    private static int last(INDArray array) {
        return array.rank() - 1;
    }

    /** With {@code g = gamma · gradient} and {@code z} the normalised input: (g - mean(g) - z · mean(g · z)) / deviation. */
    @Override
    INDArray backward(
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
        INDArray alongInput = z.mul(g.mul(z).mean(true, last(input)));
        return g.sub(g.mean(true, last(input))).subi(alongInput).divi(deviation(input));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerNormalization layer
                && layer.epsilon == epsilon
                && layer.scaled == scaled
                && layer.centered == centered
                && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Double.hashCode(epsilon);
    }

    @Override
    public String kerasClass() {
        return "LayerNormalization";
    }
}
