package org.cam4j.plan.operation;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * A convolution's weights: in Java's memory, or in a file from which they are read when an engine asks for them. Most engines
 * keep them in a layout of their own, and then none is read.
 *
 * <p>Safe for several threads if its source is. Two arrays are the same only if they are one object: engines pack each once.
 */
public final class WeightArray {

    private final int length;
    private final Supplier<float[]> source;

    private WeightArray(int length, Supplier<float[]> source) {
        this.length = length;
        this.source = Objects.requireNonNull(source, "source");
    }

    /**
     * Weights that are there.
     *
     * @param values kept, not copied
     * @return the array
     */
    public static WeightArray of(float[] values) {
        return new WeightArray(values.length, () -> values);
    }

    /**
     * Weights that are read when they are asked for.
     *
     * @param length how many they are
     * @param source gives as many, the same every time
     * @return the array
     */
    public static WeightArray readBy(int length, Supplier<float[]> source) {
        return new WeightArray(length, source);
    }

    /**
     * How many they are, without reading them.
     *
     * @return the number of weights
     */
    public int length() {
        return length;
    }

    /**
     * The numbers.
     *
     * @return not a copy, so leave it alone; read anew where they lie in a file
     */
    public float[] values() {
        return source.get();
    }
}
