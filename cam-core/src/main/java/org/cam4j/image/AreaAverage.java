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

    /** Adds a line of the photo. Between a first and a last one, pixels have the same share of the columns that they lie in. */
    private void add(float share) {
        float whole = columns.whole;
        for (int x = 0, at = 0; x < columns.first.length; x++, at += 3) {
            int column = columns.first[x];
            int last = columns.last[x];
            int rgb = row[column];
            float weight = columns.firstShares[x];
            float red = weight * (rgb >> 16 & 0xFF);
            float green = weight * (rgb >> 8 & 0xFF);
            float blue = weight * (rgb & 0xFF);
            while (++column < last) {
                rgb = row[column];
                red += whole * (rgb >> 16 & 0xFF);
                green += whole * (rgb >> 8 & 0xFF);
                blue += whole * (rgb & 0xFF);
            }
            if (column == last) {
                rgb = row[last];
                weight = columns.lastShares[x];
                red += weight * (rgb >> 16 & 0xFF);
                green += weight * (rgb >> 8 & 0xFF);
                blue += weight * (rgb & 0xFF);
            }
            sums[at] += share * red;
            sums[at + 1] += share * green;
            sums[at + 2] += share * blue;
        }
    }

    private static int level(float mean) {
        return Math.min(Math.round(mean), 255);
    }

    /**
     * For each pixel along one axis, the first and last that it covers, and their shares of it, which are partial.
     *
     * @param whole the share of those between them
     */
    private record Axis(int[] first, int[] last, float[] firstShares, float[] lastShares, float whole) {

        static Axis of(int full, int small) {
            double ratio = (double) full / small;
            int[] first = new int[small];
            int[] last = new int[small];
            float[] firstShares = new float[small];
            float[] lastShares = new float[small];
            for (int i = 0; i < small; i++) {
                // In integers, so that whole ratios cover whole pixels.
                first[i] = (int) ((long) i * full / small);
                last[i] = (int) (((i + 1L) * full + small - 1) / small) - 1;
                firstShares[i] = share(first[i], i, ratio);
                lastShares[i] = share(last[i], i, ratio);
            }
            return new Axis(first, last, firstShares, lastShares, (float) (1 / ratio));
        }

        private static float share(int pixel, int i, double ratio) {
            double from = Math.max(pixel, i * ratio);
            double to = Math.min(pixel + 1, (i + 1) * ratio);
            return (float) ((to - from) / ratio);
        }

        float share(int pixel, int i) {
            return pixel == first[i] ? firstShares[i] : pixel == last[i] ? lastShares[i] : whole;
        }
    }
}
