package org.cam4j.plan.operation;

import java.util.List;
import java.util.Locale;

/**
 * Max or average pooling over a window; cells of the padding do not count.
 *
 * @param kind maximum or average
 * @param window kernel, strides and padding
 */
public record Pooling(Kind kind, Window window) implements Operation {

    /** How a window's numbers are reduced to one. */
    public enum Kind {
        /** The largest number. */
        MAXIMUM,
        /** The average of the numbers inside the image. */
        AVERAGE
    }

    /** Checks that no position lies in the padding alone and that the window has no holes. */
    public Pooling {
        Padding padding = window.padding();
        if (window.dilationY() != 1 || window.dilationX() != 1) {
            throw new IllegalArgumentException("pooling " + window + ": a window with holes is not supported");
        }
        if (Math.max(padding.top(), padding.bottom()) >= window.height()
                || Math.max(padding.left(), padding.right()) >= window.width()) {
            throw new IllegalArgumentException(
                    "pooling " + window + ": the padding must be smaller than the window, or a result is of nothing");
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.image(inputs, this);
        return window.over(input, input.channels());
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return kind.name().toLowerCase(Locale.ROOT) + " pooling " + window;
    }
}
