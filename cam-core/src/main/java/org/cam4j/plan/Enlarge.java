package org.cam4j.plan;

import java.util.List;
import java.util.Locale;

/**
 * An image with more rows and columns.
 *
 * @param factorY how many times the rows
 * @param factorX how many times the columns
 * @param interpolation what the new cells hold
 */
public record Enlarge(int factorY, int factorX, Interpolation interpolation) implements Operation {

    /** What new cells hold. */
    public enum Interpolation {
        /** What the cell above them held. */
        NEAREST,
        /** Something between, with half-pixel centres as in {@code tf.image.resize}. */
        BILINEAR
    }

    /** Checks that the factors are positive. */
    public Enlarge {
        if (factorY < 1 || factorX < 1) {
            throw new IllegalArgumentException("enlarges " + factorY + "x" + factorX + " times: both must be positive");
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        return new Shape(
                Math.multiplyExact(input.height(), factorY),
                Math.multiplyExact(input.width(), factorX),
                input.channels());
    }

    @Override
    public String describe() {
        return "enlarge " + factorY + "x" + factorX + " " + interpolation.name().toLowerCase(Locale.ROOT);
    }
}
