package org.cam4j.explain;

import java.util.Arrays;

/** {@code log p_c = y_c - log Σ_d exp(y_d)}; its derivative is {@code e_c - p}. */
record LogSoftmaxTarget(int classIndex) implements Target {

    @Override
    public double value(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(y -> Math.exp(y - largest)).sum();
        return logits[LogitTarget.checked(classIndex, logits)] - largest - Math.log(sum);
    }

    @Override
    public double[] seed(double[] logits) {
        double[] seed = Softmax.of(logits);
        for (int i = 0; i < seed.length; i++) {
            seed[i] = -seed[i];
        }
        seed[LogitTarget.checked(classIndex, logits)] += 1;
        return seed;
    }

    @Override
    public double[] curvature(double[] logits, int index) {
        double[] p = Softmax.of(logits);
        double[] column = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            column[i] = p[i] * p[index];
        }
        column[index] -= p[index];
        return column;
    }
}
