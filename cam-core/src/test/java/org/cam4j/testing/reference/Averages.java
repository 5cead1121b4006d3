package org.cam4j.testing.reference;

import org.cam4j.plan.operation.Shape;

/** What rounding does to the average of each channel. */
final class Averages {

    private Averages() {}

    /** For each number of a value what it makes of its channel's sum: its own error, and its part of the sum's rounding. */
    static double[] read(double[] errors, double[] values, Shape shape) {
        return Rounding.magnitudes(errors, values, Rounding.ofSum((long) shape.height() * shape.width()));
    }
}
