package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.util.Optional;

/** Draws an image that is prepared for a network as a picture that people know. */
final class PreparedPicture {

    private PreparedPicture() {}

    /**
     * Draws an image: its pixels if the preprocessing is known, rounded and clipped to [0, 255]; otherwise its values stretched from the
     * least to the largest, red, green and blue alike, or grey if it has not three channels.
     *
     * @param image prepared values, finite
     * @param preprocessing what made values of pixels; its channels must be the image's
     * @return a picture of the image's size
     */
    static BufferedImage of(ImageInput image, Optional<Preprocessing> preprocessing) {
        ChannelOrder order = preprocessing
                .map(Preprocessing::order)
                .orElse(image.channels() == 3 ? ChannelOrder.RGB : ChannelOrder.GREY);
        float[] pixels =
                preprocessing.map(known -> undone(image.values(), known)).orElseGet(() -> stretched(image.values()));
        BufferedImage picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        int[] row = new int[image.width()];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                int at = (y * row.length + x) * image.channels();
                row[x] = order == ChannelOrder.GREY ? grey(pixels, at, image.channels()) : colour(pixels, at, order);
            }
            picture.getRaster().setDataElements(0, y, row.length, 1, row);
        }
        return picture;
    }

    private static float[] undone(float[] values, Preprocessing preprocessing) {
        int channels = preprocessing.order().channels();
        float[] pixels = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            pixels[i] = (float) ((values[i] - preprocessing.offset().get(i % channels))
                    / preprocessing.scale().get(i % channels));
        }
        return pixels;
    }

    private static float[] stretched(float[] values) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        double range = (double) most - least;
        float[] pixels = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            // An image of one value is grey.
            pixels[i] = range == 0 ? 128 : (float) (((double) values[i] - least) / range * 255);
        }
        return pixels;
    }

    private static int colour(float[] pixels, int at, ChannelOrder order) {
        return value(pixels[at]) << order.firstShift
                | value(pixels[at + 1]) << order.secondShift
                | value(pixels[at + 2]) << order.thirdShift;
    }

    private static int grey(float[] pixels, int at, int channels) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += pixels[at + c];
        }
        return value((float) (sum / channels)) * 0x10101;
    }

    private static int value(float pixel) {
        return Math.max(0, Math.min(255, Math.round(pixel)));
    }
}
