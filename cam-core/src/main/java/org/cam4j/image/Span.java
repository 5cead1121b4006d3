package org.cam4j.image;

/**
 * A stretch of the photo laid onto a stretch of the input, along one axis: whole pixels of the input, and of the photo too but for {@link
 * Fit#EXACT_CENTER_CROP}.
 *
 * @param photoStart where the used part of the photo begins, in pixels
 * @param photoLength how many photo pixels are used, positive
 * @param inputStart the first input pixel covered
 * @param inputLength how many input pixels are covered, positive
 */
record Span(double photoStart, double photoLength, int inputStart, int inputLength) {

    /** Where the used part of the photo ends. */
    double photoEnd() {
        return photoStart + photoLength;
    }

    /** Input pixels per photo pixel. */
    double scale() {
        return inputLength / photoLength;
    }

    /** The position of the photo's edge in the input. */
    double offset() {
        return inputStart - photoStart * scale();
    }
}
