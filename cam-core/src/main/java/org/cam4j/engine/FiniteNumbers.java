package org.cam4j.engine;

/** Checks arrays for NaN and infinity. */
public final class FiniteNumbers {

    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private FiniteNumbers() {}

    /**
     * Whether all numbers of an array are finite.
     *
     * @param numbers any array
     * @return false if a number is NaN or infinite; true if there are no numbers
     */
    public static boolean areAll(float[] numbers) {
        return areAll(numbers, 0, numbers.length);
    }

    /**
     * Whether all numbers in a range of an array are finite. Compares bits as integers, since the JVM vectorises their maximum.
     *
     * @param numbers any array
     * @param start first index, inclusive
     * @param end last index, exclusive
     * @return false if a number is NaN or infinite; true if there are no numbers
     */
    public static boolean areAll(float[] numbers, int start, int end) {
        int largest = 0;
        for (int i = start; i < end; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(numbers[i]) & Integer.MAX_VALUE);
        }
        return largest < INFINITY;
    }
}
