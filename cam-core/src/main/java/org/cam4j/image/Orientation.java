package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** Turns a picture upright by its EXIF orientation. */
final class Orientation {

    private Orientation() {}

    /**
     * Turns a picture.
     *
     * @param picture of type {@code TYPE_INT_RGB}
     * @param exif the orientation, 1 to 8: where the first row and the first column belong
     * @return the upright picture, the same one for 1
     */
    static BufferedImage upright(BufferedImage picture, int exif) {
        if (exif == 1) {
            return picture;
        }
        int w = picture.getWidth();
        int h = picture.getHeight();
        int last = w * h - 1;
        return switch (exif) {
            case 2 -> walk(picture, w, h, w - 1, -1, w);
            case 3 -> walk(picture, w, h, last, -1, -w);
            case 4 -> walk(picture, w, h, w * (h - 1), 1, -w);
            case 5 -> walk(picture, h, w, 0, w, 1);
            case 6 -> walk(picture, h, w, w * (h - 1), -w, 1);
            case 7 -> walk(picture, h, w, last, -w, -1);
            case 8 -> walk(picture, h, w, w - 1, w, -1);
            default -> throw new IllegalArgumentException("EXIF orientations are 1 to 8, not " + exif);
        };
    }

    /** Fills a new picture row by row, from the source pixel {@code start} by {@code alongX} a column and {@code alongY} a row. */
    private static BufferedImage walk(BufferedImage picture, int width, int height, int start, int alongX, int alongY) {
        BufferedImage upright = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] from = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
        int[] to = ((DataBufferInt) upright.getRaster().getDataBuffer()).getData();
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0, source = start + y * alongY; x < width; x++, source += alongX) {
                to[at++] = from[source];
            }
        }
        return upright;
    }
}
