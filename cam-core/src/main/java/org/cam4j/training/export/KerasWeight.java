package org.cam4j.training.export;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One weight of a Keras layer.
 *
 * @param name Keras 2's name, such as {@code kernel}
 * @param values row-major
 * @param shape 1 to 4 sizes whose product is the number of values
 */
record KerasWeight(String name, float[] values, int[] shape) {

    static KerasWeight of(String name, INDArray array) {
        return new KerasWeight(
                name,
                array.dup('c').data().asFloat(),
                Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray());
    }

    /** DL4J's [1, n] as Keras' [n]. */
    static KerasWeight vector(String name, INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        return new KerasWeight(name, values, new int[] {values.length});
    }

    /** The values as a Java array of as many dimensions, which is what the HDF5 writer takes. */
    Object nested() {
        return nested(0, 0);
    }

    private Object nested(int axis, int from) {
        if (axis == shape.length - 1) {
            return Arrays.copyOfRange(values, from, from + shape[axis]);
        }
        int step = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            step *= shape[i];
        }
        Object first = nested(axis + 1, from);
        Object all = java.lang.reflect.Array.newInstance(first.getClass(), shape[axis]);
        java.lang.reflect.Array.set(all, 0, first);
        for (int i = 1; i < shape[axis]; i++) {
            java.lang.reflect.Array.set(all, i, nested(axis + 1, from + i * step));
        }
        return all;
    }
}
