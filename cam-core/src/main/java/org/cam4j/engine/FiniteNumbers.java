package org.cam4j.engine;

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

    /**
     * Whether all numbers of a part of an array are finite. As integers, of which the largest is found for many at a time.
     *
     * @param numbers any array
     * @param start the first of the part
     * @param end behind its last
     * @return false if one is not; true for none
     */
    public static boolean areAll(float[] numbers, int start, int end) {
        int largest = 0;
        for (int i = start; i < end; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(numbers[i]) & Integer.MAX_VALUE);
        }
        return largest < INFINITY;
    }
}
