package org.cam4j.image;

/**
 * Samples a photo onto an input from two pixels a side at most, first along x, then along y.
 *
 * <p>The arithmetic is TensorFlow's: {@code top = tl + (tr - tl) · wx}, the same for the bottom, then between them with {@code wy},
 * all in float.
 */
final class Resampler {

    private final PixelSamples photo;
    private final ChannelOrder order;
    private final Interpolation.Taps columns;
    private final int[] lefts;
    private final int[] rights;
    private float[] upperRow;
    private float[] lowerRow;
    private int upperAt = -1;
    private int lowerAt = -1;

    private Resampler(PixelSamples photo, ChannelOrder order, Interpolation.Taps columns) {
        this.photo = photo;
        this.order = order;
        this.columns = columns;
        this.lefts = new int[columns.lower().length];
        // Nearest neighbours are one pixel.
        this.rights = columns.lower() == columns.upper() ? lefts : new int[lefts.length];
        this.upperRow = new float[columns.lower().length * order.channels()];
        this.lowerRow = new float[upperRow.length];
    }

    /**
     * Samples a photo.
     *
     * @param photo its pixels
     * @param columns the photo's columns of each input column
     * @param rows the photo's rows of each input row
     * @param x which columns go where
     * @param y which rows go where
     * @param height the input's height
     * @param width the input's width
     * @return pixel values in [0, 255], [height, width, channels]; 0 where no photo lies
     */
    static float[] sample(
            PixelSamples photo,
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
        photo.read(y, columns.lower(), lefts);
        if (rights != lefts) {
            photo.read(y, columns.upper(), rights);
        }
        if (order == ChannelOrder.GREY) {
            grey(row);
        } else {
            colours(row, order.firstShift, order.secondShift, order.thirdShift);
        }
    }

    private void grey(float[] row) {
        float[] weight = columns.weight();
        for (int i = 0; i < weight.length; i++) {
            row[i] = between(ChannelOrder.luma(lefts[i]), ChannelOrder.luma(rights[i]), weight[i]);
        }
    }

    private void colours(float[] row, int first, int second, int third) {
        float[] weight = columns.weight();
        for (int i = 0, at = 0; i < weight.length; i++, at += 3) {
            int from = lefts[i];
            int to = rights[i];
            row[at] = between((from >> first) & 0xff, (to >> first) & 0xff, weight[i]);
            row[at + 1] = between((from >> second) & 0xff, (to >> second) & 0xff, weight[i]);
            row[at + 2] = between((from >> third) & 0xff, (to >> third) & 0xff, weight[i]);
        }
    }

    private static float between(float from, float to, float weight) {
        return from + (to - from) * weight;
    }
}
