package org.cam4j.testing.reference;

import org.cam4j.plan.operation.LayerNormalize;

/** What layer normalisation makes of errors: a small variance enlarges them. */
final class NormalizationError {

    private NormalizationError() {}

    /** Of results [.., channels], with the exact values that are read and their errors. */
    static double[] of(LayerNormalize normalize, double[] values, double[] errors) {
        int channels = normalize.scale().length;
        double[] result = new double[values.length];
        for (int start = 0; start < values.length; start += channels) {
            cell(normalize, values, errors, start, result);
        }
        return result;
    }

    private static void cell(LayerNormalize normalize, double[] values, double[] errors, int start, double[] result) {
        int channels = normalize.scale().length;
        double unit = Rounding.UNIT;
        double sum = Rounding.ofSum(values, start, 1, channels);
        double mean = 0;
        double meanError = 0;
        for (int i = start; i < start + channels; i++) {
            mean += values[i] / channels;
            meanError += (errors[i] + sum * Math.abs(values[i])) / channels;
        }
        double variance = 0;
        double varianceError = 0;
        for (int i = start; i < start + channels; i++) {
            double difference = Math.abs(values[i] - mean);
            double differenceError = errors[i] + meanError + unit * difference;
            variance += difference * difference / channels;
            varianceError += (2 * difference + differenceError) * differenceError / channels;
        }
        varianceError += sum * variance;
        double exact = 1 / Math.sqrt(variance + normalize.epsilon());
        double largest = 1 / Math.sqrt(Math.max(0, variance - varianceError) + normalize.epsilon());
        double factorError = largest - exact + 8 * unit * exact;
        for (int i = start; i < start + channels; i++) {
            double difference = Math.abs(values[i] - mean);
            double scale = Math.abs(normalize.scale()[i - start]);
            double shift = Math.abs(normalize.shift()[i - start]);
            result[i] = scale * ((errors[i] + meanError + unit * difference) * largest + difference * factorError)
                    + 2 * unit * (scale * difference * exact + shift);
        }
    }
}
