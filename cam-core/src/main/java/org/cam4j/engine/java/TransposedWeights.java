package org.cam4j.engine.java;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.WeightArray;

/** Weights with the outputs last, so that inner loops run over neighbours; each array is transposed once. Thread-safe. */
final class TransposedWeights {

    /**
     * Identifies transposed weights.
     *
     * @param array compared by identity
     * @param outputs of the convolution
     * @param inputs channels that each output reads of a cell
     */
    private record Key(WeightArray array, int outputs, int inputs) {}

    private final Map<Key, float[]> transposed = new ConcurrentHashMap<>();

    /** A convolution's weights [window height · window width][inputs / groups][outputs]. */
    float[] of(Convolution convolution) {
        return of(new Key(convolution.weights(), convolution.outputs(), convolution.inputs() / convolution.groups()));
    }

    /** A dense layer's weights [inputs][outputs]. */
    float[] of(Dense dense) {
        return of(new Key(dense.weights(), dense.outputs(), dense.inputs()));
    }

    private float[] of(Key key) {
        return transposed.computeIfAbsent(key, TransposedWeights::transposed);
    }

    private static float[] transposed(Key key) {
        float[] weights = key.array.values();
        float[] result = new float[weights.length];
        int kernel = weights.length / key.outputs / key.inputs;
        int read = 0;
        for (int out = 0; out < key.outputs; out++) {
            for (int in = 0; in < key.inputs; in++) {
                for (int k = 0; k < kernel; k++) {
                    result[(k * key.inputs + in) * key.outputs + out] = weights[read++];
                }
            }
        }
        return result;
    }
}
