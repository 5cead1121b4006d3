package org.cam4j.keras;

/**
 * Weights in memory.
 *
 * @param shape all sizes known
 * @param values row-major, as many as the shape has; shared, not copied
 */
record Tensor(Shape shape, float[] values) {

    Tensor {
        if (values.length != shape.elements()) {
            throw new IllegalArgumentException(values.length + " values do not fill " + shape);
        }
    }

    /** The same values under another shape. */
    Tensor reshaped(Shape other) {
        return new Tensor(other, values);
    }
}
