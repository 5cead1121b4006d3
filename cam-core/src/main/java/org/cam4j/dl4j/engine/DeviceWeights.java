package org.cam4j.dl4j.engine;

import java.util.Arrays;
import java.util.IdentityHashMap;
import org.cam4j.plan.operation.WeightArray;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A plan's weights on the backend's device, each copied once. Used by one thread. */
final class DeviceWeights implements AutoCloseable {

    private final IdentityHashMap<Object, INDArray> arrays = new IdentityHashMap<>();

    /** The numbers as an array of that shape, row-major. */
    INDArray array(float[] numbers, long... shape) {
        return checked(
                arrays.computeIfAbsent(
                        numbers, ignored -> Nd4j.createFromArray(numbers).reshape('c', shape)),
                shape);
    }

    /** The numbers as an array of that shape, row-major. */
    INDArray array(WeightArray numbers, long... shape) {
        return checked(
                arrays.computeIfAbsent(numbers, ignored -> Nd4j.createFromArray(numbers.values())
                        .reshape('c', shape)),
                shape);
    }

    private static INDArray checked(INDArray array, long... shape) {
        if (!Arrays.equals(array.shape(), shape)) {
            throw new IllegalStateException("the same weights are read as " + Arrays.toString(array.shape()) + " and "
                    + Arrays.toString(shape));
        }
        return array;
    }

    @Override
    public void close() {
        arrays.values().forEach(INDArray::close);
        arrays.clear();
    }
}
