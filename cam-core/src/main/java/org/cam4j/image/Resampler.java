package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;

/**
 * Samples a photo onto an input from two pixels a side at most, first along x, then along y.
 *
 * <p>The arithmetic is TensorFlow's: {@code top = tl + (tr - tl) · wx}, the same for the bottom, then between them with {@code wy},
 * all in float.
 */
final class Resampler {

    private final WritableRaster photo;
    private final int photoWidth;
    private final ChannelOrder order;
    private final Interpolation.Taps columns;
    private final int[] pixels;
    private float[] upperRow;
    private float[] lowerRow;
    private int upperAt = -1;
    private int lowerAt = -1;

    private Resampler(BufferedImage photo, ChannelOrder order, Interpolation.Taps columns) {
        this.photo = photo.getRaster();
        this.photoWidth = photo.getWidth();
        this.order = order;
        this.columns = columns;
        this.pixels = new int[photoWidth];
        this.upperRow = new float[columns.lower().length * order.channels()];
        this.lowerRow = new float[upperRow.length];
    }

    /**
     * Samples a photo.
     *
     * @param photo of type {@code TYPE_INT_RGB}
     * @param columns the photo's columns of each input column
     * @param rows the photo's rows of each input row
     * @param x which columns go where
     * @param y which rows go where
     * @param height the input's height
     * @param width the input's width
     * @return pixel values in [0, 255], [height, width, channels]; 0 where no photo lies
     */
    static float[] sample(
            BufferedImage photo,
            Interpolation.Taps columns,
            Interpolation.Taps rows,
            Span x,
            Span y,
            int height,
            int width,
            ChannelOrder order) {
        float[] input = new float[Math.multiplyExact(Math.multiplyExact(height, width), order.channels())];
        Resampler resampler = new Resampler(photo, order, columns);
        for (int i = 0; i < y.inputLength(); i++) {
            int at = ((y.inputStart() + i) * width + x.inputStart()) * order.channels();
            resampler.row(rows.lower()[i], rows.upper()[i], rows.weight()[i], input, at);
        }
        return input;
    }

    private void row(int upper, int lower, float weight, float[] input, int at) {
        load(upper, lower);
        if (upper == lower || weight == 0) {
            System.arraycopy(upperRow, 0, input, at, upperRow.length);
            return;
        }
        for (int i = 0; i < upperRow.length; i++) {
            input[at + i] = between(upperRow[i], lowerRow[i], weight);
        }
    }

    /** Reads two rows of the photo, unless they are the last ones read: enlarging needs the same rows many times. */
    private void load(int upper, int lower) {
        if (upperAt != upper && lowerAt == upper) {
            float[] row = upperRow;
            upperRow = lowerRow;
            lowerRow = row;
            lowerAt = upperAt;
            upperAt = upper;
        }
        if (upperAt != upper) {
            across(upper, upperRow);
            upperAt = upper;
        }
        if (lower != upper && lowerAt != lower) {
            across(lower, lowerRow);
            lowerAt = lower;
        }
    }

    private void across(int y, float[] row) {
        photo.getDataElements(0, y, photoWidth, 1, pixels);
        if (order == ChannelOrder.GREY) {
            grey(row);
        } else {
            colours(row, order.firstShift, order.secondShift, order.thirdShift);
        }
    }

    private void grey(float[] row) {
        int[] left = columns.lower();
        int[] right = columns.upper();
        float[] weight = columns.weight();
        for (int i = 0; i < left.length; i++) {
            row[i] = between(ChannelOrder.luma(pixels[left[i]]), ChannelOrder.luma(pixels[right[i]]), weight[i]);
        }
    }

    private void colours(float[] row, int first, int second, int third) {
        int[] left = columns.lower();
        int[] right = columns.upper();
        float[] weight = columns.weight();
        for (int i = 0, at = 0; i < left.length; i++, at += 3) {
            int from = pixels[left[i]];
            int to = pixels[right[i]];
            row[at] = between((from >> first) & 0xff, (to >> first) & 0xff, weight[i]);
            row[at + 1] = between((from >> second) & 0xff, (to >> second) & 0xff, weight[i]);
            row[at + 2] = between((from >> third) & 0xff, (to >> third) & 0xff, weight[i]);
        }
    }

    private static float between(float from, float to, float weight) {
        return from + (to - from) * weight;
    }
}
