package org.cam4j.dl4j.layers;

import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ScaleShift;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Scales and shifts every channel by constants: {@code y = scale · x + shift}. This is Keras' {@code Rescaling} and
 * {@code Normalization}.
 */
public final class ChannelAffineVertex extends StatelessVertex {

    private static final long serialVersionUID = 1;

    private final float[] scale;
    private final float[] shift;

    /**
     * Creates a vertex.
     *
     * @param scale one for all channels, or one per channel
     * @param shift one for all channels, or one per channel
     */
    public ChannelAffineVertex(@JsonProperty("scale") float[] scale, @JsonProperty("shift") float[] shift) {
        this.scale = scale.clone();
        this.shift = shift.clone();
    }

    /**
     * Returns the factors.
     *
     * @return one for all channels, or one per channel; a copy
     */
    public float[] getScale() {
        return scale.clone();
    }

    /**
     * Returns the constants added after scaling.
     *
     * @return one for all channels, or one per channel; a copy
     */
    public float[] getShift() {
        return shift.clone();
    }

    @Override
    INDArray forward(INDArray... inputs) {
        INDArray scaled = scaled(inputs[0]);
        return shift.length == 1 ? scaled.addi(shift[0]) : scaled.addi(along(shift, scaled));
    }

    @Override
    INDArray[] backward(INDArray gradient, INDArray... inputs) {
        return new INDArray[] {scaled(gradient)};
    }

    private INDArray scaled(INDArray array) {
        return scale.length == 1 ? array.mul(scale[0]) : array.mul(along(scale, array));
    }

    /** Returns the constants as [1, ..., 1, c] with the rank of another array. */
    private static INDArray along(float[] constants, INDArray array) {
        long[] shape = new long[array.rank()];
        Arrays.fill(shape, 1);
        shape[shape.length - 1] = constants.length;
        return Nd4j.createFromArray(constants).castTo(array.dataType()).reshape(shape);
    }

    @Override
    int plan(PlanBuilder plan, String name, int... inputs) {
        int channels = plan.shape(inputs[0]).channels();
        return plan.add(
                name, new ScaleShift(each(scale, channels), each(shift, channels), Activation.IDENTITY), inputs);
    }

    private static float[] each(float[] constants, int channels) {
        float[] numbers = Arrays.copyOf(constants, constants.length == 1 ? channels : constants.length);
        if (constants.length == 1) {
            Arrays.fill(numbers, constants[0]);
        }
        return numbers;
    }

    @Override
    List<?> settings() {
        return List.of(listed(scale), listed(shift));
    }

    @Override
    InputType outputType(InputType... inputs) {
        return inputs[0];
    }

    @Override
    public String kerasClass() {
        return "Rescaling";
    }
}
