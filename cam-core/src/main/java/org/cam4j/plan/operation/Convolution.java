package org.cam4j.plan.operation;

import java.util.List;

/**
 * A convolution, in the sense of neural networks (cross-correlation); depthwise with as many groups as input channels.
 *
 * @param window kernel, strides, dilation and padding of zeros
 * @param inputs channels read
 * @param outputs channels written
 * @param groups number of groups that input and output channels are divided into, each convolved separately
 * @param weights [outputs][inputs / groups][window height][window width]
 * @param bias [outputs]
 * @param addsInput whether the step reads a second value of the result's size that is added before the activation
 * @param activation applied to each number of the result
 */
public record Convolution(
        Window window,
        int inputs,
        int outputs,
        int groups,
        WeightArray weights,
        float[] bias,
        boolean addsInput,
        Activation activation)
        implements Activated {

    /** Checks that the groups divide the channels and that the weights are complete. */
    public Convolution {
        if (inputs < 1 || outputs < 1 || groups < 1 || inputs % groups != 0 || outputs % groups != 0) {
            throw new IllegalArgumentException("a convolution of " + inputs + " to " + outputs + " channels in "
                    + groups + " groups: the groups must divide both");
        }
        long kernel = (long) window.height() * window.width();
        long perCell = (long) outputs * (inputs / groups);
        if (kernel > Integer.MAX_VALUE / perCell) {
            throw new TooLargeException("a convolution of " + inputs + " to " + outputs + " channels in " + groups
                    + " groups with a window of " + window + " has more weights than an array can hold");
        }
        Operation.requireLength("weights", weights.length(), kernel * perCell);
        Operation.requireLength("bias", bias.length, outputs);
    }

    /**
     * Creates a convolution with weights in memory.
     *
     * @param window kernel, strides, dilation and padding of zeros
     * @param inputs channels read
     * @param outputs channels written
     * @param groups number of groups that input and output channels are divided into, each convolved separately
     * @param weights [outputs][inputs / groups][window height][window width]
     * @param bias [outputs]
     * @param addsInput whether the step reads a second value of the result's size that is added before the activation
     * @param activation applied to each number of the result
     */
    public Convolution(
            Window window,
            int inputs,
            int outputs,
            int groups,
            float[] weights,
            float[] bias,
            boolean addsInput,
            Activation activation) {
        this(window, inputs, outputs, groups, WeightArray.of(weights), bias, addsInput, activation);
    }

    /**
     * Returns a 1x1 convolution with stride 1 and one group.
     *
     * @param weights [outputs][inputs]
     * @param bias [outputs]
     * @param activation applied to each number of the result
     * @return the convolution
     */
    public static Convolution pointwise(float[] weights, float[] bias, Activation activation) {
        return new Convolution(
                Window.of(1, 1), weights.length / bias.length, bias.length, 1, weights, bias, false, activation);
    }

    @Override
    public Shape output(List<Shape> shapes) {
        int expected = addsInput ? 2 : 1;
        if (shapes.size() != expected) {
            throw new IllegalArgumentException(describe() + " reads " + expected + " values, not " + shapes.size());
        }
        if (!shapes.get(0).isImage()) {
            throw new IllegalArgumentException(
                    describe() + " of " + shapes.get(0) + ": expected height, width and channels");
        }
        if (shapes.get(0).channels() != inputs) {
            throw new IllegalArgumentException(describe() + " reads " + inputs + " channels, not " + shapes.get(0));
        }
        Shape output = window.over(shapes.get(0), outputs);
        if (addsInput && !shapes.get(1).equals(output)) {
            throw new IllegalArgumentException(describe() + " makes " + output + " and adds " + shapes.get(1));
        }
        return output;
    }

    /**
     * Whether each input channel is convolved separately.
     *
     * @return true if there are as many groups as input channels, and more than one
     */
    public boolean isDepthwise() {
        return groups > 1 && groups == inputs;
    }

    @Override
    public Convolution withActivation(Activation other) {
        return new Convolution(window, inputs, outputs, groups, weights, bias, addsInput, other);
    }

    /**
     * Returns the same convolution with another window of the same kernel size.
     *
     * @param other kernel, strides, dilation and padding
     * @return a new convolution
     */
    public Convolution withWindow(Window other) {
        return new Convolution(other, inputs, outputs, groups, weights, bias, addsInput, activation);
    }

    /**
     * Returns the same convolution with other weights.
     *
     * @param otherWeights laid out as {@link #weights()}
     * @param otherBias as many as {@link #bias()}
     * @return a new convolution
     */
    public Convolution withWeights(WeightArray otherWeights, float[] otherBias) {
        return new Convolution(window, inputs, outputs, groups, otherWeights, otherBias, addsInput, activation);
    }

    /**
     * Returns the same convolution, which also adds a second input before its activation.
     *
     * @param other activation applied to the sum
     * @return a new convolution
     */
    public Convolution withSum(Activation other) {
        return new Convolution(window, inputs, outputs, groups, weights, bias, true, other);
    }

    /**
     * Returns the same convolution without the second input and without the activation.
     *
     * @return a new convolution
     */
    public Convolution withoutSum() {
        return new Convolution(window, inputs, outputs, groups, weights, bias, false, Activation.IDENTITY);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "convolution " + window + " " + inputs + "->" + outputs + (groups == 1 ? "" : " groups " + groups)
                + (addsInput ? " + sum" : "") + Activated.suffix(activation);
    }
}
