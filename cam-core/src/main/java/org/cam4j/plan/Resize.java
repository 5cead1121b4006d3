package org.cam4j.plan;

import java.util.List;
import java.util.Locale;

/**
 * An image of other rows and columns. Cells have their centres at one half: {@code source = (target + 1/2) · in / out - 1/2},
 * as in {@code tf.image.resize} without antialiasing.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param interpolation what the new cells hold
 */
public record Resize(int height, int width, Interpolation interpolation) implements Operation {

    /** What new cells hold. */
    public enum Interpolation {
        /** What the cell at that place held. */
        NEAREST,
        /** Something between the two nearest cells, in rows and in columns; borders are repeated. */
        BILINEAR
    }

    /** Checks that something is left. */
    public Resize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("resizes to " + height + "x" + width + ": both must be positive");
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        return new Shape(height, width, Operation.only(inputs, this).channels());
    }

    @Override
    public String describe() {
        return "resize to " + height + "x" + width + " " + interpolation.name().toLowerCase(Locale.ROOT);
    }
}
