package org.cam4j.plan.operation;

import java.util.List;

/**
 * {@code x} above 0, {@code slope · x} below, with a slope for each channel or for each number (He et al., ICCV 2015).
 *
 * @param slopes [channels] or [height][width][channels]
 */
public record ParametricRelu(float[] slopes) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        if (slopes.length != input.channels()) {
            Operation.requireLength("slopes of " + input, slopes.length, input.size());
        }
        return input;
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "parametric relu";
    }
}
