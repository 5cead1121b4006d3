package org.cam4j.render.overlay;

import org.cam4j.ActivationMap;
import org.cam4j.PhotoMap;

/**
 * The evidence for a class at every pixel of a photo, relative to the largest.
 *
 * @param map enlarged to the photo
 * @param max the largest value; 0 where nothing speaks for the class
 */
public record Heat(PhotoMap map, float max) {

    /** The heat of an enlarged map. */
    public static Heat of(PhotoMap map) {
        return new Heat(map, Math.max(0, map.maximum()));
    }

    /** The heat of a map. */
    public static Heat of(ActivationMap map) {
        return of(map.photoMap());
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
    public double at(int pixel) {
        float value = map.values()[pixel];
        return value > 0 ? value / (double) max : 0;
    }
}
