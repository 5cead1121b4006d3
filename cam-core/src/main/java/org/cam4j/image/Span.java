package org.cam4j.image;

/**
 * A stretch of the photo laid onto a stretch of the input, along one axis: whole pixels of the input, and of the photo too but for {@link
 * Fit#EXACT_CENTER_CROP} and photos that are resized before they are cropped.
 *
 * @param boxStart where the resized part of the photo begins, in pixels
 * @param boxLength how many photo pixels are resized, positive
 * @param resized how many pixels the box is resized to, positive
 * @param skipped how many of these are cut off before the input
 * @param inputStart the first input pixel covered
 * @param inputLength how many input pixels are covered, positive
 */
record Span(double boxStart, double boxLength, int resized, int skipped, int inputStart, int inputLength) {

    /** Creates a span whose box is resized to the covered pixels. */
    Span(double photoStart, double photoLength, int inputStart, int inputLength) {
        this(photoStart, photoLength, inputLength, 0, inputStart, inputLength);
    }

    /**
     * Creates the span of a photo whose shorter side is resized to a length, and whose middle is then cut out: torchvision's {@code Resize}
     * and {@code CenterCrop}.
     *
     * @param photo the photo's size along this axis
     * @param photoAcross its size along the other
     * @param shortSide the shorter side's length once resized, at least {@code input}
     * @param input the input's size along this axis
     */
    static Span resizedThenCropped(int photo, int photoAcross, int shortSide, int input) {
        long resized = photo <= photoAcross ? shortSide : (long) shortSide * photo / photoAcross;
        // Python's round: to even where the rest is odd.
        int skipped = (int) Math.rint((resized - input) / 2.0);
        return new Span(0, photo, Math.toIntExact(resized), skipped, 0, input);
    }

    /** Where the used part of the photo begins. */
    double photoStart() {
        return boxStart + skipped * boxLength / resized;
    }

    /** How many photo pixels are used. */
    double photoLength() {
        return inputLength == resized ? boxLength : boxLength * inputLength / resized;
    }

    /** Where the used part of the photo ends. */
    double photoEnd() {
        return photoStart() + photoLength();
    }

    /** Input pixels per photo pixel. */
    double scale() {
        return inputLength / photoLength();
    }

    /** The position of the photo's edge in the input. */
    double offset() {
        return inputStart - photoStart() * scale();
    }
}
