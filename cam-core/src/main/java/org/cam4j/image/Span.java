package org.cam4j.image;

/**
 * A stretch of the photo laid onto a stretch of the input, along one axis, in whole pixels.
 *
 * @param photoStart the first photo pixel used
 * @param photoLength how many photo pixels are used, positive
 * @param inputStart the first input pixel covered
 * @param inputLength how many input pixels are covered, positive
 */
record Span(int photoStart, int photoLength, int inputStart, int inputLength) {

    /** The photo pixel after the last one used. */
    int photoEnd() {
        return photoStart + photoLength;
    }

    /** Input pixels per photo pixel. */
    double scale() {
        return (double) inputLength / photoLength;
    }

    /** The position of the photo's edge in the input. */
    double offset() {
        return inputStart - photoStart * scale();
    }
}
