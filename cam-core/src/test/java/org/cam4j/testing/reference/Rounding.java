package org.cam4j.testing.reference;

import java.util.Arrays;

/** What rounding to single precision does to sums, and arithmetic of bounds. */
final class Rounding {

    /** Half the distance from 1 to the next float. */
    static final double UNIT = 0x1p-24;

    /** Engines take exponential functions from polynomials, which are a few units off. */
    static final double FUNCTION = 16 * UNIT;

    private Rounding() {}

    /** What rounding may do to a sum of so many terms, in parts of what was added up. */
    static double ofSum(long terms) {
        return UNIT * (4 + 2 * Math.sqrt((double) terms));
    }

    /** {@code errors + share · |values|}. */
    static double[] magnitudes(double[] errors, double[] values, double share) {
        double[] magnitudes = new double[values.length];
        Arrays.setAll(magnitudes, i -> errors[i] + share * Math.abs(values[i]));
        return magnitudes;
    }

    static float[] magnitudes(float[] numbers) {
        return scaled(numbers, 1);
    }

    /** {@code share · |numbers|}. */
    static float[] scaled(float[] numbers, double share) {
        float[] scaled = new float[numbers.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (share * Math.abs(numbers[i]));
        }
        return scaled;
    }

    static double[] sum(double[] first, double[] second) {
        double[] sum = new double[first.length];
        Arrays.setAll(sum, i -> first[i] + second[i]);
        return sum;
    }
}
