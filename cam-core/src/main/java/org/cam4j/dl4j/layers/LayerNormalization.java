package org.cam4j.dl4j.layers;

import java.util.Map;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.LayerNormalize;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Normalises the channels of each cell: {@code y = gamma · (x - mean) / √(variance + epsilon) + beta}, with mean and variance
 * over the channels (Ba et al., 2016).
 *
 * <p>Takes maps [n, h, w, c] and vectors [n, c]; {@code gamma} and {@code beta} are [c].
 */
public final class LayerNormalization extends NormalizationLayer {

    private static final long serialVersionUID = 1;

    /** For reading from JSON. */
    LayerNormalization() {}

    /**
     * Creates a layer.
     *
     * @param channels c
     * @param epsilon added to the variance, at least 0
     * @param scaled whether there is a gamma
     * @param centered whether there is a beta
     */
    public LayerNormalization(long channels, double epsilon, boolean scaled, boolean centered) {
        super(channels, epsilon, scaled, centered);
    }

    @Override
    int add(PlanBuilder plan, String name, int input, Map<String, INDArray> parameters) {
        return plan.add(
                name,
                new LayerNormalize((float) getEpsilon(), numbers(parameters, GAMMA, 1), numbers(parameters, BETA, 0)),
                input);
    }

    @Override
    INDArray normalized(INDArray input) {
        INDArray output = input.sub(input.mean(true, last(input)));
        return output.divi(deviation(input));
    }

    /** √(variance + epsilon), one per cell. */
    private INDArray deviation(INDArray input) {
        INDArray difference = input.sub(input.mean(true, last(input)));
        INDArray variance = difference.muli(difference).mean(true, last(input));
        return Transforms.sqrt(variance.addi(getEpsilon()), false);
    }

    private static int last(INDArray array) {
        return array.rank() - 1;
    }

    /** With {@code g} the gradient and {@code z} the normalised input: (g - mean(g) - z · mean(g · z)) / deviation. */
    @Override
    INDArray backward(INDArray input, INDArray z, INDArray g) {
        INDArray alongInput = z.mul(g.mul(z).mean(true, last(input)));
        return g.sub(g.mean(true, last(input))).subi(alongInput).divi(deviation(input));
    }

    @Override
    public String kerasClass() {
        return "LayerNormalization";
    }
}
