package org.cam4j.plan.operation;

import java.util.Arrays;
import java.util.List;

/**
 * {@code scale · x + shift} for each channel, such as batch normalisation at inference.
 *
 * @param scale [channels]
 * @param shift [channels]
 * @param activation applied to each number of the result
 */
public record ScaleShift(float[] scale, float[] shift, Activation activation) implements Activated {

    /** Checks that there are as many scales as shifts. */
    public ScaleShift {
        Operation.requireLength("shift", shift.length, scale.length);
    }

    /**
     * Returns an operation with the same scale and shift for all channels.
     *
     * @param channels how many
     * @param scale factor
     * @param shift added afterwards
     * @return the operation
     */
    public static ScaleShift uniform(int channels, float scale, float shift) {
        float[] scales = new float[channels];
        float[] shifts = new float[channels];
        Arrays.fill(scales, scale);
        Arrays.fill(shifts, shift);
        return new ScaleShift(scales, shifts, Activation.IDENTITY);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        Operation.requireLength("scale of " + input, scale.length, input.channels());
        return input;
    }

    /** Whether all scales are 1, all shifts are 0 and there is no activation. */
    public boolean isIdentity() {
        return activation.isIdentity() && all(scale, 1) && all(shift, 0);
    }

    /** Whether all shifts are 0. */
    public boolean onlyScales() {
        return all(shift, 0);
    }

    /** Whether all channels have the same scale and shift. */
    public boolean isUniform() {
        return all(scale, scale[0]) && all(shift, shift[0]);
    }

    private static boolean all(float[] values, float expected) {
        for (float value : values) {
            if (value != expected) {
                return false;
            }
        }
        return true;
    }

    @Override
    public ScaleShift withActivation(Activation other) {
        return new ScaleShift(scale, shift, other);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "scale and shift" + Activated.suffix(activation);
    }
}
