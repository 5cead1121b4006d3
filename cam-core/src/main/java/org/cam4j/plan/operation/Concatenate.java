package org.cam4j.plan.operation;

import java.util.List;

/**
 * Concatenates values along one axis.
 *
 * @param axis from 0; the last one is the channels
 */
public record Concatenate(int axis) implements Operation {

    /** Checks that there may be such an axis. */
    public Concatenate {
        if (axis < 0) {
            throw new IllegalArgumentException("concatenates along axis " + axis + ": expected 0 or more");
        }
    }

    /**
     * Concatenates images or maps [height, width, channels] along the channels.
     *
     * @return the operation
     */
    public static Concatenate channels() {
        return new Concatenate(2);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("nothing to concatenate");
        }
        Shape first = inputs.get(0);
        if (axis >= first.rank()) {
            throw new IllegalArgumentException(describe() + " of " + first + ": there is no such axis");
        }
        long entries = 0;
        for (Shape input : inputs) {
            if (input.rank() != first.rank() || !input.with(axis, 1).equals(first.with(axis, 1))) {
                throw new IllegalArgumentException(
                        describe() + " of values " + inputs + ": all other axes must be the same");
            }
            entries += input.size(axis);
        }
        long[] sizes = new long[first.rank()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = i == axis ? entries : first.size(i);
        }
        return Shape.of(sizes);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "concatenate along axis " + axis;
    }
}
