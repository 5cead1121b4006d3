package org.cam4j.render.picture;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Shrinks pictures by area averaging: a pixel of the result is the mean of all that it covers, parts of pixels by their
 * share, so that nothing is skipped and fine patterns turn grey instead of flickering.
 */
public final class Shrinking {

    private Shrinking() {}

    /**
     * Shrinks a picture.
     *
     * @param picture made by {@link Canvas}; not modified
     * @param width at most the picture's
     * @param height at most the picture's
     * @return a new picture
     */
    public static BufferedImage to(int width, int height, BufferedImage picture) {
        int fullWidth = picture.getWidth();
        int fullHeight = picture.getHeight();
        int[] from = Canvas.pixels(picture);
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] to = Canvas.pixels(small);
        Axis columns = Axis.of(fullWidth, width);
        Axis rows = Axis.of(fullHeight, height);
        float[] sums = new float[width * 3];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 0);
            for (int row = rows.first[y]; row <= rows.last[y]; row++) {
                addRow(from, row * fullWidth, rows.share(row, y), columns, sums);
            }
            for (int x = 0; x < width; x++) {
                to[y * width + x] = level(sums[x * 3]) << 16 | level(sums[x * 3 + 1]) << 8 | level(sums[x * 3 + 2]);
            }
        }
        return small;
    }

    private static void addRow(int[] from, int start, float share, Axis columns, float[] sums) {
        for (int x = 0; x < columns.first.length; x++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int column = columns.first[x]; column <= columns.last[x]; column++) {
                int rgb = from[start + column];
                float weight = columns.share(column, x);
                red += weight * (rgb >> 16 & 0xFF);
                green += weight * (rgb >> 8 & 0xFF);
                blue += weight * (rgb & 0xFF);
            }
            sums[x * 3] += share * red;
            sums[x * 3 + 1] += share * green;
            sums[x * 3 + 2] += share * blue;
        }
    }

    private static int level(float mean) {
        return Math.min(Math.round(mean), 255);
    }

    /** For each pixel along one axis, the first and last that it covers; its own share of those two is partial. */
    private record Axis(int[] first, int[] last, double ratio) {

        static Axis of(int full, int small) {
            double ratio = (double) full / small;
            int[] first = new int[small];
            int[] last = new int[small];
            for (int i = 0; i < small; i++) {
                // In integers, so that whole ratios cover whole pixels.
                first[i] = (int) ((long) i * full / small);
                last[i] = (int) (((i + 1L) * full + small - 1) / small) - 1;
            }
            return new Axis(first, last, ratio);
        }

        float share(int pixel, int i) {
            double start = Math.max(pixel, i * ratio);
            double end = Math.min(pixel + 1, (i + 1) * ratio);
            return (float) ((end - start) / ratio);
        }
    }
}
