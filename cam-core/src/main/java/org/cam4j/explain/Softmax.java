package org.cam4j.explain;

import java.util.Arrays;

/** {@code exp(y_c) / Σ_d exp(y_d)}. */
final class Softmax {

    private Softmax() {}

    static double[] of(double[] values) {
        double largest = Arrays.stream(values).max().orElseThrow();
        double[] shares = Arrays.stream(values).map(y -> Math.exp(y - largest)).toArray();
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(e -> e / sum).toArray();
    }
}
