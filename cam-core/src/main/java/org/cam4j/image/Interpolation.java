package org.cam4j.image;

/**
 * A method of resizing, as Keras users trained with. Neither smooths before shrinking ({@code antialias=False}).
 *
 * <p>Both use half-pixel centres: the centre of target pixel {@code i} is {@code (i + 0.5) · photo / input} in the photo.
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
        Taps taps(Span span) {
            int length = span.inputLength();
            int[] at = new int[length];
            double step = (double) span.photoLength() / length;
            // Pillow adds the step up instead of multiplying; the rounding decides ties.
            double centre = span.photoStart() + step * 0.5;
            for (int i = 0; i < length; i++) {
                at[i] = Math.min((int) centre, span.photoEnd() - 1);
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
        Taps taps(Span span) {
            int length = span.inputLength();
            int[] lower = new int[length];
            int[] upper = new int[length];
            float[] weight = new float[length];
            // In float like TensorFlow: on a photo of 4000 pixels, double would differ by a tenth of a grey level.
            float step = (float) span.photoLength() / length;
            for (int i = 0; i < length; i++) {
                float centre = (i + 0.5f) * step - 0.5f;
                float floor = (float) Math.floor(centre);
                lower[i] = span.photoStart() + Math.max((int) floor, 0);
                upper[i] = span.photoStart() + Math.min((int) Math.ceil(centre), span.photoLength() - 1);
                weight[i] = centre - floor;
            }
            return new Taps(lower, upper, weight);
        }
    };

    /** The weights of the photo pixels in the input pixels of a span. */
    abstract Taps taps(Span span);

    /**
     * For each input pixel the two photo pixels it is made of: {@code lower + (upper - lower) · weight}.
     *
     * @param lower the first photo pixel
     * @param upper the second photo pixel, the same or the next
     * @param weight the second one's weight in [0, 1)
     */
    record Taps(int[] lower, int[] upper, float[] weight) {}
}
