package org.cam4j.render.overlay;

import java.awt.image.BufferedImage;
import org.cam4j.ActivationMap;
import org.cam4j.render.picture.Canvas;

/**
 * A map as a small picture, one pixel a cell, for programs that read pictures more easily than arrays: red, green and blue are the
 * 24 bits of a number from 0, the map's smallest value, to 2^24 - 1, its largest. That is as fine as a float.
 */
public final class MapPicture {

    private static final int STEPS = (1 << 24) - 1;

    private MapPicture() {}

    public static BufferedImage of(ActivationMap map) {
        BufferedImage picture = new BufferedImage(map.width(), map.height(), BufferedImage.TYPE_INT_RGB);
        int[] pixels = Canvas.pixels(picture);
        float[] values = map.toArray();
        double min = map.min();
        double range = map.max() - min;
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = range > 0 ? (int) Math.rint((values[i] - min) / range * STEPS) : 0;
        }
        return picture;
    }
}
