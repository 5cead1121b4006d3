package org.cam4j;

import java.util.Locale;
import java.util.Objects;

/**
 * A class activation map at the pixels of its photo, with its range. Pictures and measures are computed from it.
 *
 * @param values [height, width], row-major; not copied and shared: do not modify them
 * @param width columns, those of the photo
 * @param height rows, those of the photo
 * @param min the smallest value; NaN if a value is NaN
 * @param max the largest value; NaN if a value is NaN
 */
public record PhotoMap(float[] values, int width, int height, float min, float max) {

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if there are no pixels, or not as many values as pixels
     */
    public PhotoMap {
        if (width < 1 || height < 1 || values.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "a map of " + width + "x" + height + " pixels cannot have " + values.length + " values");
        }
    }

    /**
     * Creates a map from values and computes their range.
     *
     * @param values [height, width], row-major; not copied
     * @param width columns
     * @param height rows
     * @return the map
     * @throws IllegalArgumentException if there are no pixels, or not as many values as pixels
     */
    public static PhotoMap of(float[] values, int width, int height) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new PhotoMap(values, width, height, min, max);
    }

    /**
     * Returns the value at a pixel.
     *
     * @param y row in [0, height)
     * @param x column in [0, width)
     * @return evidence for the class if positive, against it if negative
     */
    public float at(int y, int x) {
        return values[Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width)];
    }

    /** For a log line: {@code map of 640x480 pixels, -3.10 to 41.20}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "map of %dx%d pixels, %.2f to %.2f", width, height, min, max);
    }
}
