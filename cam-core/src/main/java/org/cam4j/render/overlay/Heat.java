package org.cam4j.render.overlay;

import org.cam4j.ActivationMap;
import org.cam4j.InterpolatedMap;

/**
 * The evidence for a class at every pixel of a photo, relative to the largest.
 *
 * @param map at the photo's pixels
 * @param max the value that counts as 1; 0 where nothing speaks for the class
 */
public record Heat(InterpolatedMap map, float max) {

    /** The heat of a map at its photo's pixels. */
    public static Heat of(ActivationMap map) {
        InterpolatedMap interpolated = map.interpolated();
        return new Heat(interpolated, Math.max(0, interpolated.max()));
    }

    /** Columns of the photo. */
    public int width() {
        return map.width();
    }

    /** Rows of the photo. */
    public int height() {
        return map.height();
    }

    /** In [0, 1]: {@code max(value, 0) / max}; 0 everywhere where nothing speaks for the class. */
    public double at(int y, int x) {
        return share(map.at(y, x));
    }

    /** In [0, 1]: {@code max(value, 0) / max} of a value of the map. */
    double share(float value) {
        // Between the pixels of a smaller picture, values may be a hair larger.
        return value > 0 ? Math.min(value / (double) max, 1) : 0;
    }
}
