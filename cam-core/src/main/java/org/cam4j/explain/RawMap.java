package org.cam4j.explain;

import java.util.OptionalDouble;

/**
 * A method's map before anything is rectified, normalised or enlarged.
 *
 * @param layer whose cells these are; {@link #IMAGE} if they are pixels of the network's input
 * @param height rows, h
 * @param width columns, w
 * @param values [h, w], row-major; not copied
 * @param bias what the target has besides the map's mean; empty if the map does not add up to the target
 */
public record RawMap(String layer, int height, int width, float[] values, OptionalDouble bias) {

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

    /**
     * Creates a map that does not add up to the target.
     *
     * @param layer whose cells these are; {@link #IMAGE} if they are pixels of the network's input
     * @param height rows, h
     * @param width columns, w
     * @param values [h, w], row-major; not copied
     */
    public RawMap(String layer, int height, int width, float[] values) {
        this(layer, height, width, values, OptionalDouble.empty());
    }
}
