package org.cam4j.plan.operation;

import java.util.List;
import java.util.Locale;

/**
 * Combines two values number by number. A second value that is a vector is repeated for every cell; one with a single channel is
 * repeated for every channel.
 *
 * @param kind the operation on two numbers
 * @param activation applied to each number of the result
 */
public record Elementwise(Kind kind, Activation activation) implements Activated {

    /** The operation on {@code a} and {@code b}. */
    public enum Kind {
        /** {@code a + b}. */
        ADD,
        /** {@code a - b}. */
        SUBTRACT,
        /** {@code a · b}. */
        MULTIPLY,
        /** {@code max(a, b)}. */
        MAXIMUM,
        /** {@code min(a, b)}. */
        MINIMUM
    }

    /**
     * Creates an operation without an activation.
     *
     * @param kind the operation on two numbers
     */
    public Elementwise(Kind kind) {
        this(kind, Activation.IDENTITY);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        if (inputs.size() != 2) {
            throw new IllegalArgumentException(describe() + " reads two values, not " + inputs.size());
        }
        Shape first = inputs.get(0);
        Shape second = inputs.get(1);
        boolean perChannel = second.isVector() && second.channels() == first.channels();
        boolean perCell = second.channels() == 1 && second.sameCells(first);
        if (!second.equals(first) && !perChannel && !perCell) {
            throw new IllegalArgumentException(describe() + " of " + first + " and " + second
                    + ": expected the same size, 1x1x" + first.channels() + " or one channel");
        }
        return first;
    }

    @Override
    public Elementwise withActivation(Activation other) {
        return new Elementwise(kind, other);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return kind.name().toLowerCase(Locale.ROOT) + Activated.suffix(activation);
    }
}
