package org.cam4j.plan.operation;

import java.util.List;
import java.util.Locale;

/**
 * The way back through a pooling: reads the gradient of its result and, for the maximum, also what was pooled. The average's gradient is
 * divided among the cells of its window; the maximum's goes to the first of the largest cells, row by row.
 *
 * @param kind maximum or average
 * @param window kernel, strides and padding of the pooling
 * @param shape the size of what was pooled
 */
public record PoolingGradient(Pooling.Kind kind, Window window, Shape shape) implements Operation {

    /**
     * Returns the pooling.
     *
     * @return the operation on the way forward
     */
    public Pooling pooling() {
        return new Pooling(kind, window);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        List<Shape> expected = kind == Pooling.Kind.MAXIMUM
                ? List.of(pooling().output(List.of(shape)), shape)
                : List.of(pooling().output(List.of(shape)));
        if (!inputs.equals(expected)) {
            throw new IllegalArgumentException(describe() + " of " + inputs + ": expected " + expected);
        }
        return shape;
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "gradient of " + kind.name().toLowerCase(Locale.ROOT) + " pooling " + window;
    }
}
