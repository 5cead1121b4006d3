package org.cam4j.localization;

import org.cam4j.InterpolatedMap;
import org.cam4j.PhotoMap;

/**
 * The smallest and the largest value of a map, between which thresholds are chosen.
 *
 * @param min the smallest value
 * @param max the largest value
 */
public record ValueRange(float min, float max) {

    /**
     * The range of a map's values.
     *
     * @param map an enlarged map
     * @return its range; NaN if a value is
     */
    public static ValueRange of(PhotoMap map) {
        return new ValueRange(map.min(), map.max());
    }

    /**
     * The range of a map's values at the photo's pixels.
     *
     * @param map an interpolated map
     * @return its range; NaN if a value is
     */
    public static ValueRange of(InterpolatedMap map) {
        return new ValueRange(map.min(), map.max());
    }

    /**
     * Whether the values do not differ, so that no threshold parts them.
     *
     * @return true also where a value is NaN
     */
    public boolean isFlat() {
        return !(max > min);
    }

    /**
     * The difference of the largest and the smallest value.
     *
     * @return {@code max - min}
     */
    public double span() {
        return (double) max - min;
    }

    /**
     * The value at a fraction of the range.
     *
     * @param fraction 0 for the smallest value, 1 for the largest
     * @return {@code min + fraction · (max - min)}
     */
    public double level(double fraction) {
        return fraction * span() + min;
    }

    /**
     * The position of a value in the range, the inverse of {@link #level}.
     *
     * @param value of the map
     * @return {@code (value - min) / (max - min)}; 0 in a flat range
     */
    public double fraction(double value) {
        return isFlat() ? 0 : (value - min) / span();
    }
}
