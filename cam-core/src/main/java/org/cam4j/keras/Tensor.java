package org.cam4j.keras;

import java.util.Arrays;

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

    static Tensor filled(Shape shape, float value) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        Arrays.fill(values, value);
        return new Tensor(shape, values);
    }

    /** Keras' kernel [rows, columns, in, out] as DL4J's [out, in, rows, columns]. */
    Tensor outputsFirst() {
        int rows = shape.sizes().get(0);
        int columns = shape.sizes().get(1);
        int in = shape.sizes().get(2);
        int out = shape.sizes().get(3);
        int cells = rows * columns;
        float[] moved = new float[values.length];
        for (int o = 0, to = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int cell = 0; cell < cells; cell++, to++) {
                    moved[to] = values[(cell * in + i) * out + o];
                }
            }
        }
        return new Tensor(Shape.of(out, in, rows, columns), moved);
    }

    /** The same values under another shape. */
    Tensor reshaped(Shape other) {
        return new Tensor(other, values);
    }
}
