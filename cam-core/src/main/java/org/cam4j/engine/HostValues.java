package org.cam4j.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * Outputs in Java memory.
 *
 * @param count n, the number of images
 * @param arrays [n, ...] by output name, row-major; not copied
 * @param shapes sizes of the outputs of one image, by output name
 */
public record HostValues(int count, Map<String, float[]> arrays, Map<String, Shape> shapes) implements Values {

    /** Checks that every array holds n outputs of its size. */
    public HostValues {
        arrays = Map.copyOf(arrays);
        shapes = Map.copyOf(shapes);
        for (Map.Entry<String, float[]> entry : arrays.entrySet()) {
            Shape shape = shapes.get(entry.getKey());
            if (shape == null || entry.getValue().length != (long) count * shape.size()) {
                throw new IllegalArgumentException(entry.getValue().length + " numbers for output '" + entry.getKey()
                        + "' of " + count + " images of " + shape);
            }
        }
    }

    /**
     * Allocates the outputs of a run, for the engine to fill.
     *
     * @param plan the network
     * @param outputs names of its outputs
     * @param count n, the number of images
     * @return arrays of zeros
     * @throws IllegalArgumentException if the plan has no such output
     * @throws ArithmeticException if an output of so many images has more numbers than an array holds
     */
    public static HostValues zeros(InferencePlan plan, Set<String> outputs, int count) {
        Map<String, float[]> arrays = new HashMap<>();
        Map<String, Shape> shapes = new HashMap<>();
        for (String output : outputs) {
            Shape shape = plan.shape(plan.output(output));
            shapes.put(output, shape);
            arrays.put(output, new float[Math.multiplyExact(count, shape.size())]);
        }
        return new HostValues(count, arrays, shapes);
    }

    @Override
    public Shape shape(String output) {
        return Objects.requireNonNull(shapes.get(known(output)));
    }

    @Override
    public float[] host(String output) {
        return arrays.get(known(output));
    }

    @Override
    public boolean isFinite(String output, int image) {
        int size = shape(output).size();
        int start = Objects.checkIndex(image, count) * size;
        return FiniteNumbers.areAll(host(output), start, start + size);
    }

    private String known(String output) {
        if (!arrays.containsKey(output)) {
            throw new IllegalArgumentException("output '" + output + "' was not asked for, only " + arrays.keySet());
        }
        return output;
    }
}
