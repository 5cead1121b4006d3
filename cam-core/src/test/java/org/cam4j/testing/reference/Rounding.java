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

    /**
     * What rounding may do to a sum of these numbers, one added after the other, in parts of what is added up.
     *
     * <p>That errors have no common sign holds for different numbers only. What is lost when x is added to a partial sum follows from x and
     * from the distance of floats at the sum, so that it is the same again and again while the same x is added: m equal numbers count as
     * m², not as m, under the root. It is never more than {@code u·n}, which {@link Differences} gets to with a quarter of it.
     *
     * @param numbers contains what is added
     * @param first index of the first
     * @param step from one index to the next
     * @param count how many
     */
    static double ofSum(double[] numbers, int first, int step, int count) {
        float[] sorted = new float[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = (float) numbers[first + i * step];
        }
        Arrays.sort(sorted);
        double squares = 0;
        int run = 0;
        for (int i = 0; i < count; i++) {
            run++;
            if (i + 1 == count || sorted[i + 1] != sorted[i]) {
                squares += (double) run * run;
                run = 0;
            }
        }
        double repeated = Math.min(2 * Math.sqrt(squares), count / Differences.TOLERANCE);
        return Math.max(ofSum(count), UNIT * (4 + repeated));
    }

    /** {@code errors + share · |values|}. */
    static double[] magnitudes(double[] errors, double[] values, double share) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = errors[i] + share * Math.abs(values[i]);
        }
        return magnitudes;
    }

    /** {@code share · |values|}. */
    static double[] magnitudes(double[] values, double share) {
        return magnitudes(new double[values.length], values, share);
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
        for (int i = 0; i < sum.length; i++) {
            sum[i] = first[i] + second[i];
        }
        return sum;
    }
}
