package org.cam4j.plan.operation;

import java.util.List;

/**
 * Keeps a range of entries along one axis.
 *
 * @param axis from 0; the last one is the channels
 * @param first the first entry that is kept, from 0
 * @param count how many are kept, positive
 */
public record Slice(int axis, int first, int count) implements Operation {

    /** Checks the range. */
    public Slice {
        if (axis < 0 || first < 0 || count < 1) {
            throw new IllegalArgumentException("keeps " + count + " entries from entry " + first + " of axis " + axis
                    + ": expected at least one, and both from 0");
        }
    }

    /**
     * Keeps a range of channels of an image or map [height, width, channels].
     *
     * @param first the first channel that is kept, from 0
     * @param count how many are kept, positive
     * @return the operation
     */
    public static Slice channels(int first, int count) {
        return new Slice(2, first, count);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        if (axis >= input.rank() || first > input.size(axis) - count) {
            throw new IllegalArgumentException(describe() + " of " + input + ": there are no such entries");
        }
        return input.with(axis, count);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "slice " + first + " to " + ((long) first + count - 1) + " of axis " + axis;
    }
}
