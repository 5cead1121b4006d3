package org.cam4j.plan.operation;

import java.util.List;

/**
 * Layer normalisation over the last axis: {@code scale · (x - mean) / √(variance + epsilon) + shift}, with mean and variance over the
 * cell's channels (Ba et al., 2016).
 *
 * @param epsilon added to the variance, not negative
 * @param scale [channels]
 * @param shift [channels]
 */
public record LayerNormalize(float epsilon, float[] scale, float[] shift) implements Operation {

    /** Checks that there are as many scales as shifts. */
    public LayerNormalize {
        Operation.requireLength("shift", shift.length, scale.length);
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("epsilon " + epsilon + ": must not be negative");
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        Operation.requireLength("scale of " + input, scale.length, input.channels());
        return input;
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "layer normalize";
    }
}
