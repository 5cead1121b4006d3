package org.cam4j.plan.operation;

import java.util.List;
import java.util.Locale;

/**
 * The way back through an activation: reads the gradient {@code g} of its result and the number {@code z} that it was applied to, and
 * gives {@code g} times the function's factor at {@code z}, {@code (φ(z) - φ(0))/z} or {@code φ'(z)}. Where {@code g} is 0, the result is 0.
 *
 * @param activation the function
 * @param gates whether the factor is the derivative or the held factor
 */
public record ActivationGradient(Activation activation, Gates gates) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        if (inputs.size() != 2 || !inputs.get(0).equals(inputs.get(1))) {
            throw new IllegalArgumentException(
                    describe() + " of " + inputs + ": expected a gradient and a value of the same size");
        }
        return inputs.get(0);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return (gates == Gates.HELD ? "held " : "gradient of ")
                + activation.toString().toLowerCase(Locale.ROOT);
    }
}
