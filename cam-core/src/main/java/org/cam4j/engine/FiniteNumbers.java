package org.cam4j.engine;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Finds NaN and infinity. */
public final class FiniteNumbers {

    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private FiniteNumbers() {}

    /**
     * Whether all numbers of an array are finite.
     *
     * @param numbers any array
     * @return false if one is not; true for none
     */
    public static boolean areAll(float[] numbers) {
        return areAll(numbers, 0, numbers.length);
    }

    /** The same of a part. As integers, of which the largest is found for many at a time. */
    static boolean areAll(float[] numbers, int start, int end) {
        int largest = 0;
        for (int i = start; i < end; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(numbers[i]) & Integer.MAX_VALUE);
        }
        return largest < INFINITY;
    }

    /**
     * Whether all numbers of an array are finite, found where they lie: a number less itself is 0, or else it is not finite.
     *
     * @param numbers not modified
     * @return false if one is not
     */
    public static boolean areAll(INDArray numbers) {
        try (INDArray differences = numbers.sub(numbers)) {
            return differences.sumNumber().doubleValue() == 0;
        }
    }
}
