package org.cam4j.image;

/** Pixels of an upright photo, as {@code 0xRRGGBB}: all or some. */
sealed interface PixelSamples permits PixelSource, SampledPixels {

    /**
     * Reads some pixels of a row.
     *
     * @param y the row
     * @param columns which columns
     * @param pixels receives a pixel for each of them
     */
    void read(int y, int[] columns, int[] pixels);
}
