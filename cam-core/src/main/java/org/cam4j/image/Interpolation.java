package org.cam4j.image;

/**
 * A method of resizing, as Keras and PyTorch users trained with. {@link #NEAREST} and {@link #BILINEAR} do not smooth before shrinking ({@code
 * antialias=False}).
 *
 * <p>All use half-pixel centres: the centre of target pixel {@code i} is {@code (i + 0.5) · photo / input} in the photo.
 */
public enum Interpolation {
    /**
     * The pixel in which the centre falls: what {@code load_img} does unless told otherwise, bit for bit.
     *
     * <p>{@code tf.image.resize(method="nearest")} gives the same pixels except where a centre falls exactly between two; there
     * Pillow, which {@code load_img} calls, and TensorFlow round differently, and this follows Pillow.
     */
    NEAREST {
        @Override
        float[] sample(DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order) {
            return sampleTaps(photo, x, y, height, width, order);
        }

        @Override
        Taps taps(Span span) {
            int length = span.inputLength();
            int[] at = new int[length];
            double step = span.photoLength() / length;
            // Pillow adds the step up instead of multiplying; the rounding decides ties.
            double centre = span.photoStart() + step * 0.5;
            for (int i = 0; i < length; i++) {
                at[i] = Math.min((int) centre, (int) span.photoEnd() - 1);
                centre += step;
            }
            return new Taps(at, at, new float[length]);
        }
    },

    /**
     * The weighted mean of the two by two pixels around the centre, the border repeated:
     * {@code tf.image.resize(method="bilinear")} and {@code image_dataset_from_directory}.
     */
    BILINEAR {
        @Override
        float[] sample(DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order) {
            return sampleTaps(photo, x, y, height, width, order);
        }

        @Override
        Taps taps(Span span) {
            int length = span.inputLength();
            int start = (int) span.photoStart();
            int last = (int) span.photoLength() - 1;
            int[] lower = new int[length];
            int[] upper = new int[length];
            float[] weight = new float[length];
            // In float like TensorFlow: on a photo of 4000 pixels, double would differ by a tenth of a grey level.
            float step = (float) span.photoLength() / length;
            for (int i = 0; i < length; i++) {
                float centre = (i + 0.5f) * step - 0.5f;
                float floor = (float) Math.floor(centre);
                lower[i] = start + Math.max((int) floor, 0);
                upper[i] = start + Math.min((int) Math.ceil(centre), last);
                weight[i] = centre - floor;
            }
            return new Taps(lower, upper, weight);
        }
    },

    /**
     * Lanczos' window over three pixels to either side, wider where the photo is shrunk, rounded to whole values after each axis: Pillow's
     * {@code resize(size, Image.Resampling.LANCZOS)} and {@code load_img(interpolation="lanczos")}, bit for bit.
     */
    LANCZOS {
        @Override
        float[] sample(DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order) {
            return PillowResampler.sample(PillowResampler.Filter.LANCZOS, photo, x, y, height, width, order);
        }
    },

    /**
     * Cubic convolution over two pixels to either side, wider where the photo is shrunk: Pillow's
     * {@code resize(size, Image.Resampling.BICUBIC)}, bit for bit, as timm's and Hugging Face's recipes do it.
     */
    BICUBIC {
        @Override
        float[] sample(DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order) {
            return PillowResampler.sample(PillowResampler.Filter.CUBIC, photo, x, y, height, width, order);
        }
    },

    /**
     * As {@link #BILINEAR}, but smoothed where the photo is shrunk: Pillow's {@code resize(size, Image.Resampling.BILINEAR)}, bit for bit, as
     * torchvision's recipes do it.
     */
    SMOOTH_BILINEAR {
        @Override
        float[] sample(DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order) {
            return PillowResampler.sample(PillowResampler.Filter.TRIANGLE, photo, x, y, height, width, order);
        }
    };

    /** Samples a photo by its taps. */
    float[] sampleTaps(DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order) {
        Taps columns = taps(x);
        Taps rows = taps(y);
        return Resampler.sample(photo.samples(columns, rows), columns, rows, x, y, height, width, order);
    }

    /**
     * The pixels that are read along one axis.
     *
     * @throws UnsupportedOperationException if it reads all pixels, {@link #isPillows()}
     */
    Taps taps(Span span) {
        throw new UnsupportedOperationException(this + " reads all pixels of " + span);
    }

    /** Whether it samples windows that begin within pixels, as Pillow does. */
    boolean isPillows() {
        return this == LANCZOS || this == BICUBIC || this == SMOOTH_BILINEAR;
    }

    /**
     * Samples a photo.
     *
     * @param photo upright
     * @param x which columns go where
     * @param y which rows go where
     * @param height the input's height
     * @param width the input's width
     * @return pixel values in [0, 255], [height, width, channels]; 0 where no photo lies
     */
    abstract float[] sample(DecodedPhoto photo, Span x, Span y, int height, int width, ChannelOrder order);

    /**
     * For each input pixel the two photo pixels it is made of: {@code lower + (upper - lower) · weight}.
     *
     * @param lower the first photo pixel
     * @param upper the second photo pixel, the same or the next
     * @param weight the second one's weight in [0, 1)
     */
    record Taps(int[] lower, int[] upper, float[] weight) {}
}
