package org.cam4j.evaluation.faithfulness;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Spearman's rank correlation: whether two arrays put their places in the same order (Spearman, 1904). */
final class RankCorrelation {

    private RankCorrelation() {}

    /**
     * Correlates ranks; equal values share the mean of their ranks.
     *
     * @param one values
     * @param other as many values, at least two
     * @return in [-1, 1]: 1 for the same order, -1 for the opposite; 0 where an array is constant
     */
    static double of(float[] one, float[] other) {
        if (one.length != other.length || one.length < 2) {
            throw new IllegalArgumentException(
                    "arrays of " + one.length + " and " + other.length + " values: expected as many, at least 2");
        }
        double[] ranks = ranks(one);
        double[] others = ranks(other);
        double middle = (one.length - 1) / 2.0;
        double common = 0;
        double own = 0;
        double foreign = 0;
        for (int i = 0; i < one.length; i++) {
            double a = ranks[i] - middle;
            double b = others[i] - middle;
            common += a * b;
            own += a * a;
            foreign += b * b;
        }
        return own > 0 && foreign > 0 ? common / Math.sqrt(own * foreign) : 0;
    }

    private static double[] ranks(float[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] ranks = new double[values.length];
        for (int first = 0; first < order.length; ) {
            int last = first;
            while (last + 1 < order.length && values[order[last + 1]] == values[order[first]]) {
                last++;
            }
            for (int i = first; i <= last; i++) {
                ranks[order[i]] = (first + last) / 2.0;
            }
            first = last + 1;
        }
        return ranks;
    }
}
