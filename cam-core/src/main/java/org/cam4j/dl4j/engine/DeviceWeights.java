package org.cam4j.dl4j.engine;

import java.util.Arrays;
import java.util.IdentityHashMap;
import org.cam4j.plan.operation.WeightArray;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A plan's weights on the backend's device, each copied once. Not thread-safe. */
final class DeviceWeights implements AutoCloseable {

    private final IdentityHashMap<Object, INDArray> arrays = new IdentityHashMap<>();

    /** Returns the numbers as a row-major array of a shape; a view. */
    INDArray array(float[] numbers, long... shape) {
        return arrays.computeIfAbsent(numbers, ignored -> Nd4j.createFromArray(numbers))
                .reshape('c', shape);
    }

    /** Returns the numbers as a row-major array of a shape; a view. */
    INDArray array(WeightArray numbers, long... shape) {
        return arrays.computeIfAbsent(numbers, ignored -> Nd4j.createFromArray(numbers.values()))
                .reshape('c', shape);
    }

    /** Returns one number for each channel, with as many axes as {@code beside}; a view. */
    INDArray perChannel(float[] numbers, INDArray beside) {
        long[] shape = new long[beside.rank()];
        Arrays.fill(shape, 1);
        shape[shape.length - 1] = numbers.length;
        return array(numbers, shape);
    }

    @Override
    public void close() {
        arrays.values().forEach(INDArray::close);
        arrays.clear();
    }
}
