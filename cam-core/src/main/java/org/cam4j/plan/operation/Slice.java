package org.cam4j.plan.operation;

import java.util.List;

/**
 * Some neighbouring channels of each cell.
 *
 * @param first the first channel that is kept, from 0
 * @param count how many are kept, positive
 */
public record Slice(int first, int count) implements Operation {

    /** Checks that something is kept. */
    public Slice {
        if (first < 0 || count < 1) {
            throw new IllegalArgumentException(
                    "keeps " + count + " channels from channel " + first + ": expected at least one, from 0");
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        if (first > input.channels() - count) {
            throw new IllegalArgumentException(describe() + " of " + input + ": there are no such channels");
        }
        return new Shape(input.height(), input.width(), count);
    }

    @Override
    public String describe() {
        return "channels " + first + " to " + ((long) first + count - 1);
    }
}
