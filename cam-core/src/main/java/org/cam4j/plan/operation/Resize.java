package org.cam4j.plan.operation;

import java.util.List;
import java.util.Locale;

/**
 * Resizes an image. Cells have half-pixel centres: {@code source = (target + 1/2) · in / out - 1/2},
 * as in {@code tf.image.resize} without antialiasing.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param interpolation how the new cells are computed
 */
public record Resize(int height, int width, Interpolation interpolation) implements Operation {

    /** How new cells are computed. */
    public enum Interpolation {
        /** Takes the nearest cell. */
        NEAREST,
        /** Interpolates linearly between the two nearest cells, in rows and in columns; borders are repeated. */
        BILINEAR
    }

    /** Checks that something is left. */
    public Resize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("resizes to " + height + "x" + width + ": both must be positive");
        }
    }

    /**
     * Finds the cells of {@link Interpolation#NEAREST} along one axis: {@code floor((target + 1/2) · (in / out))} in single precision, as
     * TensorFlow's {@code ResizeNearestNeighbor} with half-pixel centres. Where a centre falls on the edge of two cells, rounding decides.
     *
     * @param cells rows or columns that are read
     * @param results rows or columns of the result
     * @return for each of the results a number in [0, cells)
     */
    public static int[] nearest(int cells, int results) {
        int[] sources = new int[results];
        float scale = (float) cells / results;
        for (int i = 0; i < results; i++) {
            sources[i] = Math.min((int) ((i + 0.5f) * scale), cells - 1);
        }
        return sources;
    }

    @Override
    public Shape output(List<Shape> inputs) {
        return new Shape(height, width, Operation.image(inputs, this).channels());
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "resize to " + height + "x" + width + " " + interpolation.name().toLowerCase(Locale.ROOT);
    }
}
