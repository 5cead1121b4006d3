package org.cam4j.evaluation.localization;

/** The thresholds of Choe et al. on a map that is stretched to [0, 1]: multiples of a thousandth. */
final class Thresholds {

    /** The number of thresholds below 1. */
    static final int COUNT = 1000;

    private Thresholds() {}

    /** The threshold of a step: {@code step / 1000}. */
    static double of(int step) {
        return step / (double) COUNT;
    }

    /** The step of the highest threshold that a value in [0, 1] reaches. */
    static int reached(double value) {
        int step = Math.min((int) (value * COUNT), COUNT);
        // The product may round across a threshold.
        if (step < COUNT && of(step + 1) <= value) {
            step++;
        } else if (of(step) > value) {
            step--;
        }
        return step;
    }
}
