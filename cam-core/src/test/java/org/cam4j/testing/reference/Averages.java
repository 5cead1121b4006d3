package org.cam4j.testing.reference;

import org.cam4j.plan.operation.Shape;

/** What rounding does to the average of each channel. */
final class Averages {

    private Averages() {}

    /**
     * For each number of a value what it makes of its channel's sum: its own error, and its part of the sum's rounding.
     *
     * @param least what rounding does at least, in parts of what is added up
     */
    static double[] read(double[] errors, double[] values, Shape shape, double least) {
        int channels = shape.channels();
        double[] read = new double[values.length];
        for (int c = 0; c < channels; c++) {
            double gamma = Math.max(least, Rounding.ofSum(values, c, channels, values.length / channels));
            for (int i = c; i < values.length; i += channels) {
                read[i] = errors[i] + gamma * Math.abs(values[i]);
            }
        }
        return read;
    }
}
