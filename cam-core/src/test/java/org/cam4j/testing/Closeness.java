package org.cam4j.testing;

/** How far numbers are from their reference. */
public final class Closeness {

    private Closeness() {}

    /** The length of the difference in lengths of the reference. */
    public static double relative(float[] numbers, float[] reference) {
        if (numbers.length != reference.length) {
            throw new AssertionError(numbers.length + " numbers where " + reference.length + " belong");
        }
        double difference = 0;
        double length = 0;
        for (int i = 0; i < numbers.length; i++) {
            double d = (double) numbers[i] - reference[i];
            difference += d * d;
            length += (double) reference[i] * reference[i];
        }
        return Math.sqrt(difference / length);
    }
}
