package org.cam4j.dl4j.layers;

import java.util.Map;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.ScaleShift;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Normalises groups of channels: {@code y = gamma · (x - mean) / √(variance + epsilon) + beta}, with mean and variance over all cells and
 * the channels of a group (Wu and He, ECCV 2018). With a group for each channel it is instance normalisation.
 *
 * <p>Takes maps [n, h, w, c] and vectors [n, c]; {@code gamma} and {@code beta} are [c].
 */
public final class GroupNormalization extends NormalizationLayer {

    private static final long serialVersionUID = 1;

    @JsonProperty
    private int groups;

    /** For reading from JSON. */
    GroupNormalization() {}

    /**
     * Creates a layer.
     *
     * @param channels c
     * @param groups number of groups of neighbouring channels; a divisor of c
     * @param epsilon added to the variance, at least 0
     * @param scaled whether there is a gamma
     * @param centered whether there is a beta
     */
    public GroupNormalization(int channels, int groups, double epsilon, boolean scaled, boolean centered) {
        super(channels, epsilon, scaled, centered);
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("groups must divide the " + channels + " channels: " + groups);
        }
        this.groups = groups;
    }

    /**
     * Returns the number of groups.
     *
     * @return a divisor of the number of channels
     */
    public int getGroups() {
        return groups;
    }

    /** Adds operations for mean and variance: averages over channels, then over groups. */
    @Override
    int add(PlanBuilder plan, String name, int input, Map<String, INDArray> parameters) {
        int channels = Math.toIntExact(getNIn());
        int mean = groupMeans(plan, name, input);
        int rest = plan.add(name, new Elementwise(Elementwise.Kind.SUBTRACT), input, mean);
        int squares = plan.add(name, new Elementwise(Elementwise.Kind.MULTIPLY), rest, rest);
        int variance = groupMeans(plan, name, squares);
        int inverse = plan.add(
                name,
                ScaleShift.uniform(channels, 1, (float) getEpsilon())
                        .withActivation(new Activation(Activation.Function.POWER, -0.5f, 0)),
                variance);
        int normalized = plan.add(name, new Elementwise(Elementwise.Kind.MULTIPLY), rest, inverse);
        return plan.add(
                name,
                new ScaleShift(numbers(parameters, GAMMA, 1), numbers(parameters, BETA, 0), Activation.IDENTITY),
                normalized);
    }

    /** Adds the average of each channel's group, one number for each channel. */
    private int groupMeans(PlanBuilder plan, String name, int input) {
        int channels = Math.toIntExact(getNIn());
        int each = channels / groups;
        int means = plan.add(name, new GlobalPooling(Pooling.Kind.AVERAGE), input);
        if (each == 1) {
            return means;
        }
        float[] gathering = new float[groups * channels];
        float[] spreading = new float[channels * groups];
        for (int channel = 0; channel < channels; channel++) {
            gathering[channel / each * channels + channel] = 1f / each;
            spreading[channel * groups + channel / each] = 1;
        }
        int grouped = plan.add(name, Dense.of(gathering, new float[groups], Activation.IDENTITY), means);
        return plan.add(name, Dense.of(spreading, new float[channels], Activation.IDENTITY), grouped);
    }

    @Override
    INDArray normalized(INDArray input) {
        INDArray grouped = grouped(input);
        INDArray rest = grouped.sub(mean(grouped));
        return rest.divi(deviation(rest)).reshape('c', input.shape());
    }

    /** Reshapes to [n, cells, groups, channels of a group]. */
    private INDArray grouped(INDArray array) {
        long cells = array.length() / array.size(0) / getNIn();
        return array.dup('c').reshape('c', array.size(0), cells, groups, getNIn() / groups);
    }

    private static INDArray mean(INDArray grouped) {
        return grouped.mean(true, 1, 3);
    }

    /** √(variance + epsilon), one for each group. */
    private INDArray deviation(INDArray rest) {
        return Transforms.sqrt(mean(rest.mul(rest)).addi(getEpsilon()), false);
    }

    /** With {@code g} the gradient and {@code z} the normalised input: (g - mean(g) - z · mean(g · z)) / deviation. */
    @Override
    INDArray backward(INDArray input, INDArray normalized, INDArray gradient) {
        INDArray z = grouped(normalized);
        INDArray g = grouped(gradient);
        INDArray x = grouped(input);
        INDArray alongInput = z.mul(mean(g.mul(z)));
        INDArray difference = g.sub(mean(g)).subi(alongInput);
        return difference.divi(deviation(x.sub(mean(x)))).reshape('c', input.shape());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GroupNormalization layer && layer.groups == groups && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + groups;
    }

    @Override
    public String kerasClass() {
        return "GroupNormalization";
    }
}
