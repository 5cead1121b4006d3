package org.cam4j.explain;

/**
 * A method's map before anything is rectified, normalised or enlarged.
 *
 * @param layer whose cells these are; {@link #IMAGE} if they are pixels of the network's input
 * @param height rows, h
 * @param width columns, w
 * @param values [h, w], row-major; not copied
 */
public record RawMap(String layer, int height, int width, float[] values) {

    /** In place of a layer's name: the cells are pixels of the network's input. */
    public static final String IMAGE = "";

    /**
     * Checks that the values fill the shape.
     *
     * @throws IllegalArgumentException if they do not
     */
    public RawMap {
        if (height < 1 || width < 1 || values.length != (long) height * width) {
            throw new IllegalArgumentException(
                    "a map of " + height + "x" + width + " cannot have " + values.length + " values");
        }
    }
}
