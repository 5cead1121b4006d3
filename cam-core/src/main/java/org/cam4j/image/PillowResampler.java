package org.cam4j.image;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Samples a photo through a window that is as much wider as the photo is shrunk, as Pillow does.
 *
 * <p>The arithmetic is Pillow's for eight bits: weights are normalised, then rounded to 22 bits, and each axis' sums are rounded to whole
 * values and clipped to [0, 255]. Pixels beside a crop count for its border, those beside the photo do not exist. The order of the axes is
 * that of Pillow 13; versions before always begin with x, which gives values that differ by one at most.
 */
final class PillowResampler {

    /** A filter by the distance from its centre, in pixels; 0 beyond its reach. */
    enum Filter {
        /** {@code 1 - |x|}. */
        TRIANGLE(1) {
            @Override
            double at(double x) {
                return Math.max(0, 1 - Math.abs(x));
            }
        },
        /** Keys' cubic convolution with {@code a = -1/2} (IEEE ASSP 1981). */
        CUBIC(2) {
            @Override
            double at(double distance) {
                double x = Math.abs(distance);
                if (x < 1) {
                    return ((SLOPE + 2) * x - (SLOPE + 3)) * x * x + 1;
                }
                return x < 2 ? (((x - 5) * x + 8) * x - 4) * SLOPE : 0;
            }
        },
        /** {@code sinc(x) · sinc(x / 3)}. */
        LANCZOS(3) {
            @Override
            double at(double x) {
                return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
            }
        };

        private static final double SLOPE = -0.5;

        private final double reach;

        Filter(double reach) {
            this.reach = reach;
        }

        abstract double at(double x);

        private static double sinc(double x) {
            return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
        }
    }

    /** Eight bits of a pixel, 22 of a weight, one for the window's overshoot, one for the sign. */
    private static final int BITS = 22;

    private static final int HALF = 1 << (BITS - 1);

    /**
     * The weights of the photo's pixels in the pixels of the input.
     *
     * @param first for each pixel of the input the first photo pixel it is made of
     * @param weights for each pixel of the input the weights of that photo pixel and the next ones, in units of 2<sup>-22</sup>
     */
    private record Window(int[] first, int[][] weights) {

        static Window of(Filter filter, Span span, int photo) {
            int length = span.inputLength();
            int[] first = new int[length];
            int[][] weights = new int[length][];
            // Pillow keeps the crop in single precision.
            float start = (float) span.boxStart();
            float end = (float) (span.boxStart() + span.boxLength());
            double scale = (double) (end - start) / span.resized();
            double wider = Math.max(scale, 1);
            for (int i = 0; i < length; i++) {
                double centre = start + (span.skipped() + i + 0.5) * scale;
                first[i] = Math.max((int) (centre - filter.reach * wider + 0.5), 0);
                int after = Math.min((int) (centre + filter.reach * wider + 0.5), photo);
                weights[i] = weights(filter, first[i], after - first[i], centre, 1 / wider);
            }
            return new Window(first, weights);
        }

        private static int[] weights(Filter filter, int first, int count, double centre, double step) {
            double[] exact = new double[count];
            double sum = 0;
            for (int j = 0; j < count; j++) {
                exact[j] = filter.at((first + j - centre + 0.5) * step);
                sum += exact[j];
            }
            int[] rounded = new int[count];
            for (int j = 0; j < count; j++) {
                double weight = (sum == 0 ? exact[j] : exact[j] / sum) * (1 << BITS);
                rounded[j] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
            return rounded;
        }

        int from() {
            return first[0];
        }

        int to() {
            return first[first.length - 1] + weights[first.length - 1].length;
        }
    }

    private final PixelSource photo;
    private final ChannelOrder order;
    private final int[] pixels;

    private PillowResampler(DecodedPhoto photo, ChannelOrder order) {
        this.photo = photo.pixels();
        this.order = order;
        this.pixels = new int[photo.width()];
    }

    /** Samples a photo, as {@link Interpolation#sample} describes it. */
    static float[] sample(
            Filter filter, DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order) {
        PillowResampler resampler = new PillowResampler(photo, order);
        Window columns = Window.of(filter, x, photo.width());
        Window rows = Window.of(filter, y, photo.height());
        int narrowed = photo.width() - x.resized();
        int lowered = photo.height() - y.resized();
        int[][] resized = lowered > Math.max(0, 2L * narrowed)
                ? resampler.downThenAcross(rows, columns)
                : resampler.acrossThenDown(rows, columns);
        float[] input = new float[Math.multiplyExact(Math.multiplyExact(height, width), order.channels())];
        for (int i = 0; i < resized.length; i++) {
            int at = ((y.inputStart() + i) * width + x.inputStart()) * order.channels();
            for (int value : resized[i]) {
                input[at++] = value;
            }
        }
        return input;
    }

    private int[][] acrossThenDown(Window rows, Window columns) {
        int[][] narrow = new int[rows.to() - rows.from()][];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = across(row(rows.from() + i), columns);
        }
        int[][] resized = new int[rows.first().length][];
        for (int i = 0; i < resized.length; i++) {
            int from = rows.first()[i] - rows.from();
            resized[i] = sum(rows.weights()[i], j -> narrow[from + j]);
        }
        return resized;
    }

    private int[][] downThenAcross(Window rows, Window columns) {
        int[][] resized = new int[rows.first().length][];
        for (int i = 0; i < resized.length; i++) {
            int from = rows.first()[i];
            resized[i] = across(sum(rows.weights()[i], j -> row(from + j)), columns);
        }
        return resized;
    }

    /** A row of the photo: [photo width, channels] in [0, 255]. */
    private int[] row(int y) {
        photo.read(y, pixels, 0);
        int channels = order.channels();
        int[] row = new int[pixels.length * channels];
        for (int i = 0; i < pixels.length; i++) {
            int pixel = pixels[i];
            if (order == ChannelOrder.GREY) {
                row[i] = ChannelOrder.luma(pixel);
            } else {
                row[i * 3] = pixel >> order.firstShift & 0xff;
                row[i * 3 + 1] = pixel >> order.secondShift & 0xff;
                row[i * 3 + 2] = pixel >> order.thirdShift & 0xff;
            }
        }
        return row;
    }

    /** A row resized along x: [input width, channels] in [0, 255]. */
    private int[] across(int[] row, Window columns) {
        int channels = order.channels();
        int[] narrow = new int[columns.first().length * channels];
        for (int i = 0; i < narrow.length; i++) {
            int[] weights = columns.weights()[i / channels];
            int from = columns.first()[i / channels] * channels + i % channels;
            int sum = HALF;
            for (int j = 0; j < weights.length; j++) {
                sum += row[from + j * channels] * weights[j];
            }
            narrow[i] = clipped(sum);
        }
        return narrow;
    }

    /** The weighted sum of rows in [0, 255]. */
    private static int[] sum(int[] weights, IntFunction<int[]> rows) {
        int[] sums = new int[rows.apply(0).length];
        Arrays.fill(sums, HALF);
        for (int j = 0; j < weights.length; j++) {
            int[] row = rows.apply(j);
            int weight = weights[j];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += row[i] * weight;
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = clipped(sums[i]);
        }
        return sums;
    }

    private static int clipped(int sum) {
        return Math.max(0, Math.min(255, sum >> BITS));
    }
}
