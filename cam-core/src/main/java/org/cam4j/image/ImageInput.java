package org.cam4j.image;

import java.util.Objects;

/**
 * One photo as the network sees it, and the way back to its pixels.
 *
 * @param values the preprocessed image [height, width, channels], row-major; not copied, so leave it alone
 * @param height rows
 * @param width columns
 * @param channels 3 for colour, 1 for grey
 * @param geometry where the photo's pixels lie in it
 */
public record ImageInput(float[] values, int height, int width, int channels, Geometry geometry) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the values do not fill the shape, or the geometry is of an input of another size
     */
    public ImageInput {
        Objects.requireNonNull(geometry, "geometry");
        if (values.length != (long) height * width * channels) {
            throw new IllegalArgumentException("an input of " + height + "x" + width + "x" + channels + " needs "
                    + (long) height * width * channels + " values, not " + values.length);
        }
        if (geometry.inputHeight() != height || geometry.inputWidth() != width) {
            throw new IllegalArgumentException("the geometry is of an input of " + geometry.inputHeight() + "x"
                    + geometry.inputWidth() + ", not " + height + "x" + width);
        }
    }
}
