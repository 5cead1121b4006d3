package org.cam4j.engine;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.operation.Shape;

/**
 * Images given by the bytes that they are sampled from. An engine whose {@link Engine#takesPixels()} is true samples them on its device; any
 * other reads {@link #host()}, which has the same bits.
 *
 * <p>A value is {@code pixel · scale + offset}. The pixel lies between four bytes: {@code p + (q - p) · weight} along the upper and the lower
 * row, then between these two results. Every product and every sum is rounded to a float. Where no taps lie the pixel is 0. Thread-safe.
 */
public final class PixelBatch implements Batch {

    private final Shape shape;
    private final List<Image> images;
    private FloatBuffer host;

    /**
     * The bytes between which values lie, along one axis.
     *
     * @param start the first row or column of the image that has a tap
     * @param lower for each row or column from there on the first row or column of bytes
     * @param upper the second one
     * @param weight the second one's weight
     */
    public record Axis(int start, int[] lower, int[] upper, float[] weight) {

        /**
         * Creates an axis whose values are bytes as they are.
         *
         * @param length of the axis, from 0
         * @return the axis
         */
        public static Axis whole(int length) {
            int[] all = new int[length];
            Arrays.setAll(all, i -> i);
            return new Axis(0, all, all, new float[length]);
        }

        /**
         * Returns how many rows or columns have taps.
         *
         * @return their number
         */
        public int length() {
            return lower.length;
        }

        private void requireWithin(int length, int bytes) {
            boolean fits = start >= 0
                    && upper.length == length()
                    && weight.length == length()
                    && start + length() <= length
                    && isWithin(lower, bytes)
                    && isWithin(upper, bytes);
            if (!fits) {
                throw new IllegalArgumentException("taps for " + length() + " of " + length + " values from " + start
                        + " on do not fit " + bytes + " rows or columns of bytes");
            }
        }

        private static boolean isWithin(int[] taps, int bytes) {
            return Arrays.stream(taps).allMatch(tap -> tap >= 0 && tap < bytes);
        }
    }

    /**
     * One image. The arrays are not copied.
     *
     * @param pixels unsigned bytes [rows, width, channels]
     * @param width columns of bytes
     * @param rows the taps along y
     * @param columns the taps along x
     * @param scale a factor for each channel
     * @param offset a summand for each channel
     */
    public record Image(byte[] pixels, int width, Axis rows, Axis columns, float[] scale, float[] offset) {}

    /**
     * Creates a batch.
     *
     * @param images one or more; not copied
     * @param shape of each image
     * @throws IllegalArgumentException if there is no image, taps lie beside the bytes or the image, or an image has more than four bytes for
     *     each value
     */
    public PixelBatch(List<Image> images, Shape shape) {
        this.images = List.copyOf(images);
        this.shape = shape;
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a batch without images");
        }
        images.forEach(this::require);
    }

    private void require(Image image) {
        int channels = shape.channels();
        int row = Math.multiplyExact(image.width, channels);
        boolean isWhole = row > 0
                && image.pixels.length > 0
                && image.pixels.length % row == 0
                && image.pixels.length <= 4L * shape.size();
        if (!isWhole || image.scale.length != channels || image.offset.length != channels) {
            throw new IllegalArgumentException(image.pixels.length + " bytes in rows of " + image.width + " pixels, "
                    + image.scale.length + " scales and " + image.offset.length + " offsets for an image of " + shape);
        }
        image.rows.requireWithin(shape.height(), image.pixels.length / row);
        image.columns.requireWithin(shape.width(), image.width);
    }

    /**
     * Joins batches of images of one size.
     *
     * @param batches one or more
     * @return all images, in order
     */
    public static PixelBatch joined(List<PixelBatch> batches) {
        List<Image> all = new ArrayList<>();
        batches.forEach(batch -> all.addAll(batch.images));
        return new PixelBatch(all, batches.get(0).shape);
    }

    /**
     * Returns the images.
     *
     * @return unmodifiable
     */
    public List<Image> images() {
        return images;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public int count() {
        return images.size();
    }

    /** Samples the images on the first call. */
    @Override
    public synchronized FloatBuffer host() {
        if (host == null) {
            float[] values = new float[Math.multiplyExact(images.size(), shape.size())];
            for (int i = 0; i < images.size(); i++) {
                sample(images.get(i), values, i * shape.size());
            }
            host = FloatBuffer.wrap(values);
        }
        return host.duplicate();
    }

    private void sample(Image image, float[] values, int start) {
        int channels = shape.channels();
        for (int i = start; i < start + shape.size(); i++) {
            values[i] = 0 * image.scale[i % channels] + image.offset[i % channels];
        }
        for (int y = 0; y < image.rows.length(); y++) {
            int above = image.rows.lower[y] * image.width;
            int below = image.rows.upper[y] * image.width;
            int row = start + ((image.rows.start + y) * shape.width() + image.columns.start) * channels;
            for (int x = 0; x < image.columns.length(); x++) {
                int left = image.columns.lower[x];
                int right = image.columns.upper[x];
                float across = image.columns.weight[x];
                for (int c = 0; c < channels; c++) {
                    float top = between(
                            image.pixels[(above + left) * channels + c],
                            image.pixels[(above + right) * channels + c],
                            across);
                    float bottom = between(
                            image.pixels[(below + left) * channels + c],
                            image.pixels[(below + right) * channels + c],
                            across);
                    float pixel = top + (bottom - top) * image.rows.weight[y];
                    values[row + x * channels + c] = pixel * image.scale[c] + image.offset[c];
                }
            }
        }
    }

    private static float between(byte from, byte to, float weight) {
        return (from & 0xff) + ((to & 0xff) - (from & 0xff)) * weight;
    }
}
