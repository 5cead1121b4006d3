package org.cam4j.dl4j.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cam4j.engine.Values;
import org.cam4j.plan.operation.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Outputs in ND4J's memory, with a CUDA backend on the GPU; copied to the host on request. */
public final class Nd4jValues implements Values {

    private final Map<String, INDArray> arrays;

    /**
     * Creates values from a network's outputs.
     *
     * @param arrays [n, ...] by output name, float, in 'c' order; not copied
     */
    Nd4jValues(Map<String, INDArray> arrays) {
        this.arrays = Map.copyOf(arrays);
    }

    /** Keeps some of the outputs and frees the others' memory. */
    Nd4jValues only(Set<String> wanted) {
        Map<String, INDArray> kept = new HashMap<>();
        wanted.forEach(name -> kept.put(name, array(name)));
        arrays.forEach((name, array) -> {
            if (!kept.containsValue(array)) {
                array.close();
            }
        });
        return new Nd4jValues(kept);
    }

    /**
     * Returns an output without copying, on the host or the device.
     *
     * @param output its name
     * @return [n, ...], float, in 'c' order; shared, do not modify
     * @throws IllegalArgumentException if the output was not requested
     */
    public INDArray array(String output) {
        INDArray array = arrays.get(output);
        if (array == null) {
            throw new IllegalArgumentException("output '" + output + "' was not asked for, only " + arrays.keySet());
        }
        return array;
    }

    @Override
    public int count() {
        return (int) arrays.values().iterator().next().size(0);
    }

    @Override
    public Shape shape(String output) {
        long[] sizes = array(output).shape();
        int[] shape = new int[sizes.length - 1];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = (int) sizes[axis + 1];
        }
        return new Shape(shape);
    }

    @Override
    public float[] host(String output) {
        return array(output).data().asFloat();
    }

    @Override
    public boolean isFinite(String output, int image) {
        Objects.checkIndex(image, count());
        return areFinite(array(output).get(NDArrayIndex.point(image)));
    }

    /**
     * Whether all numbers of an array are finite. Computed on the device: {@code x - x} is 0 only for a finite {@code x}.
     *
     * @param numbers not modified
     * @return false if a number is NaN or infinite
     */
    public static boolean areFinite(INDArray numbers) {
        try (INDArray differences = numbers.sub(numbers)) {
            return differences.sumNumber().doubleValue() == 0;
        }
    }
}
