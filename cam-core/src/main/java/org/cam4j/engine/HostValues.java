package org.cam4j.engine;

import java.util.Map;
import java.util.Objects;
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
