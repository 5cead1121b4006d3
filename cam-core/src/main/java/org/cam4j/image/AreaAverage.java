package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;

/**
 * Shrinks photos by area averaging: a pixel of the result is the mean of all that it covers, parts of pixels by their share, so that
 * nothing is skipped and fine patterns turn grey instead of flickering.
 */
final class AreaAverage {

    private final PixelSource photo;
    private final Axis columns;
    private final Axis rows;
    private final int[] row;
    private final float[] sums;

    private AreaAverage(PixelSource photo, int photoWidth, Axis columns, Axis rows) {
        this.photo = photo;
        this.columns = columns;
        this.rows = rows;
        this.row = new int[photoWidth];
        this.sums = new float[columns.first.length * 3];
    }

    /** The photo in at most as many rows and columns as it has: a new image of type {@code TYPE_INT_RGB}. */
    static BufferedImage of(DecodedPhoto photo, int width, int height) {
        AreaAverage average = new AreaAverage(
                photo.pixels(), photo.width(), Axis.of(photo.width(), width), Axis.of(photo.height(), height));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] to = ((DataBufferInt) small.getRaster().getDataBuffer()).getData();
        for (int y = 0; y < height; y++) {
            average.row(y, to, y * width);
        }
        return small;
    }

    private void row(int y, int[] to, int start) {
        Arrays.fill(sums, 0);
        for (int line = rows.first[y]; line <= rows.last[y]; line++) {
            photo.read(line, row, 0);
            add(rows.share(line, y));
        }
        for (int x = 0; x < columns.first.length; x++) {
            to[start + x] = level(sums[x * 3]) << 16 | level(sums[x * 3 + 1]) << 8 | level(sums[x * 3 + 2]);
        }
    }

    private void add(float share) {
        for (int x = 0; x < columns.first.length; x++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            int shares = columns.start[x];
            for (int column = columns.first[x]; column <= columns.last[x]; column++) {
                int rgb = row[column];
                float weight = columns.shares[shares++];
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

    /**
     * For each pixel along one axis, the first and last that it covers, and where its shares of them begin; those of the two are partial.
     */
    private record Axis(int[] first, int[] last, int[] start, float[] shares) {

        static Axis of(int full, int small) {
            double ratio = (double) full / small;
            int[] first = new int[small];
            int[] last = new int[small];
            int[] start = new int[small];
            int count = 0;
            for (int i = 0; i < small; i++) {
                // In integers, so that whole ratios cover whole pixels.
                first[i] = (int) ((long) i * full / small);
                last[i] = (int) (((i + 1L) * full + small - 1) / small) - 1;
                start[i] = count;
                count += last[i] - first[i] + 1;
            }
            float[] shares = new float[count];
            for (int i = 0; i < small; i++) {
                for (int pixel = first[i]; pixel <= last[i]; pixel++) {
                    double from = Math.max(pixel, i * ratio);
                    double to = Math.min(pixel + 1, (i + 1) * ratio);
                    shares[start[i] + pixel - first[i]] = (float) ((to - from) / ratio);
                }
            }
            return new Axis(first, last, start, shares);
        }

        float share(int pixel, int i) {
            return shares[start[i] + pixel - first[i]];
        }
    }
}
