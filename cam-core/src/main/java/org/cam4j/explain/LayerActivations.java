package org.cam4j.explain;

/**
 * A layer's activations for one image.
 *
 * @param layer the layer's name
 * @param height rows, h
 * @param width columns, w
 * @param channels feature maps, k
 * @param values {@code A} [h, w, k], row-major; not copied: do not modify it
 */
public record LayerActivations(String layer, int height, int width, int channels, float[] values) {

    /** Checks that the values fill the shape. */
    public LayerActivations {
        if (height < 1 || width < 1 || channels < 1 || values.length != (long) height * width * channels) {
            throw new IllegalArgumentException("activations of " + height + "x" + width + "x" + channels + " of '"
                    + layer + "' cannot have " + values.length + " values");
        }
    }

    /**
     * Returns the number of cells.
     *
     * @return h · w
     */
    public int cells() {
        return height * width;
    }
}
