package org.cam4j.plan.operation;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * The weights of a convolution or dense layer: in Java memory, or in a file and read on demand. If a prepared model holds the weights in
 * the engine's own layout, this array is not read.
 *
 * <p>Thread-safe if its source is. Arrays are compared by identity, since engines pack each array once.
 */
public final class WeightArray {

    private final int length;
    private final Supplier<float[]> source;

    private WeightArray(int length, Supplier<float[]> source) {
        this.length = length;
        this.source = Objects.requireNonNull(source, "source");
    }

    /**
     * Returns weights in memory.
     *
     * @param values not copied
     * @return the array
     */
    public static WeightArray of(float[] values) {
        return new WeightArray(values.length, () -> values);
    }

    /**
     * Returns weights that are read on demand.
     *
     * @param length number of weights
     * @param source returns that many weights, the same on every call
     * @return the array
     */
    public static WeightArray readBy(int length, Supplier<float[]> source) {
        return new WeightArray(length, source);
    }

    /**
     * Returns the number of weights without reading them.
     *
     * @return the number of weights
     */
    public int length() {
        return length;
    }

    /**
     * Returns the weights.
     *
     * @return not copied, do not modify; read again on each call if the weights are in a file
     */
    public float[] values() {
        return source.get();
    }
}
