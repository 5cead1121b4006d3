package org.cam4j.engine.java;

import org.cam4j.plan.operation.LayerNormalize;

/** Layer normalisation and softmax: operations over the channels of each cell. */
final class NormalizedCells {

    /** Cost of one number, in multiplications: an exponential function, or a square root and a few sums. */
    private static final int STEPS = 20;

    private NormalizedCells() {}

    static double[] of(LayerNormalize normalize, double[] values, Ranges ranges) {
        double[] result = new double[values.length];
        int channels = normalize.scale().length;
        ranges.each(values.length / channels, (long) STEPS * values.length, (from, to) -> {
            for (int cell = from; cell < to; cell++) {
                normalize(normalize, values, cell * channels, result);
            }
        });
        return result;
    }

    private static void normalize(LayerNormalize normalize, double[] values, int start, double[] result) {
        int channels = normalize.scale().length;
        double mean = 0;
        for (int i = start; i < start + channels; i++) {
            mean += values[i] / channels;
        }
        double variance = 0;
        for (int i = start; i < start + channels; i++) {
            variance += (values[i] - mean) * (values[i] - mean) / channels;
        }
        double deviation = Math.sqrt(variance + normalize.epsilon());
        for (int c = 0; c < channels; c++) {
            result[start + c] = normalize.scale()[c] * (values[start + c] - mean) / deviation
                    + normalize.shift()[c];
        }
    }

    /** {@code e^(x_c - m) / Σ_k e^(x_k - m)} with m the largest number, so that no power overflows. */
    static double[] softmax(double[] values, int channels, Ranges ranges) {
        double[] result = new double[values.length];
        ranges.each(values.length / channels, (long) STEPS * values.length, (from, to) -> {
            for (int cell = from; cell < to; cell++) {
                softmax(values, cell * channels, channels, result);
            }
        });
        return result;
    }

    private static void softmax(double[] values, int start, int channels, double[] result) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + channels; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = start; i < start + channels; i++) {
            result[i] = Math.exp(values[i] - largest);
            sum += result[i];
        }
        for (int i = start; i < start + channels; i++) {
            result[i] /= sum;
        }
    }
}
