package org.cam4j.image;

/**
 * The rule that lays a photo of one shape onto an input of another. Crops and borders are whole pixels, so that each reproduces a Keras or
 * TensorFlow function, but for {@link #EXACT_CENTER_CROP}, which is Pillow's; the {@link Geometry} says where everything went.
 */
public enum Fit {
    /** The whole photo onto the whole input, proportions lost: {@code load_img}, {@code tf.image.resize}. */
    SQUASH("squashed") {
        @Override
        Span along(int photo, int photoAcross, int input, int inputAcross) {
            return new Span(0, photo, 0, input);
        }
    },

    /**
     * The largest window in the middle of the photo that has the input's proportions, so that the photo's shorter side fills the
     * input: {@code smart_resize}, {@code load_img(keep_aspect_ratio=True)}. What lies outside the window is not seen.
     */
    CENTER_CROP("centre crop") {
        @Override
        Span along(int photo, int photoAcross, int input, int inputAcross) {
            int window = (int) Math.max(1, Math.min(photo, (long) photoAcross * input / inputAcross));
            int start = (photo - window) / 2;
            return new Span(start, window, 0, input);
        }
    },

    /**
     * The whole photo in the middle of the input, so that its longer side fits, between bars of pixel value 0:
     * {@code tf.image.resize_with_pad}.
     *
     * <p>The bars are black before preprocessing, as that function's are and those of Keras' {@code pad_to_aspect_ratio}: a
     * network trained with either has seen them, and preprocessing then treats them as any black pixel.
     */
    LETTERBOX("letterboxed") {
        @Override
        Span along(int photo, int photoAcross, int input, int inputAcross) {
            long fitted = (long) photo * inputAcross;
            int length = (int) Math.max(1, Math.min(input, fitted / photoAcross));
            long border = Math.floorDiv((long) input * photoAcross - fitted, 2L * photoAcross);
            return new Span(0, photo, (int) Math.max(0, Math.min(border, input - length)), length);
        }
    },

    /**
     * As {@link #CENTER_CROP}, but the window is not rounded to whole pixels: Pillow's {@code ImageOps.fit}, which Teachable Machine's code
     * calls. Only Pillow's filters sample such a window.
     */
    EXACT_CENTER_CROP("exact centre crop") {
        @Override
        Span along(int photo, int photoAcross, int input, int inputAcross) {
            double window = Math.min(photo, (double) input * photoAcross / inputAcross);
            return new Span((photo - window) / 2, window, 0, input);
        }
    };

    private final String words;

    Fit(String words) {
        this.words = words;
    }

    /**
     * The geometry of a photo's pixels in an input.
     *
     * @param photoWidth the photo's width
     * @param photoHeight the photo's height
     * @param inputWidth the input's width
     * @param inputHeight the input's height
     * @return the scales and offsets that resizing uses
     * @throws IllegalArgumentException if a size is not positive
     */
    public Geometry geometry(int photoWidth, int photoHeight, int inputWidth, int inputHeight) {
        // Refuses sizes below 1 before anything divides by them.
        Geometry.squash(photoWidth, photoHeight, inputWidth, inputHeight);
        Span x = along(photoWidth, photoHeight, inputWidth, inputHeight);
        Span y = along(photoHeight, photoWidth, inputHeight, inputWidth);
        return new Geometry(
                photoWidth, photoHeight, inputWidth, inputHeight, x.scale(), y.scale(), x.offset(), y.offset());
    }

    /**
     * One axis of the fit.
     *
     * @param photo the photo's size along this axis
     * @param photoAcross its size along the other
     * @param input the input's size along this axis
     * @param inputAcross its size along the other
     */
    abstract Span along(int photo, int photoAcross, int input, int inputAcross);

    /** For a provenance line. */
    String words() {
        return words;
    }
}
