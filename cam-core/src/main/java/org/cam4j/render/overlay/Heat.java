package org.cam4j.render.overlay;

import org.cam4j.ActivationMap;

/**
 * The evidence for a class at every pixel of a photo, relative to the largest.
 *
 * @param values the map enlarged to the photo, [height, width]
 * @param width columns of the photo
 * @param height rows of the photo
 * @param max the largest value; 0 where nothing speaks for the class
 */
public record Heat(float[] values, int width, int height, float max) {

    public static Heat of(ActivationMap map) {
        float[] values = map.upsampledArray();
        float max = 0;
        for (float value : values) {
            max = Math.max(max, value);
        }
        return new Heat(values, map.geometry().photoWidth(), map.geometry().photoHeight(), max);
    }

    /** In [0, 1]: {@code max(value, 0) / max}; 0 everywhere where nothing speaks for the class. */
    public double at(int pixel) {
        return values[pixel] > 0 ? values[pixel] / (double) max : 0;
    }
}
