package org.cam4j.explain;

import java.util.List;

/** {@code T = Σ_d p_d (y_c - y_d) / (Σ_d p_d + 1e-9)} over compared classes d, p the softmax of all logits. */
record WeightedDifferenceTarget(int classIndex, List<Integer> compared) implements Target {

    private static final double EPSILON = 1e-9;

    @Override
    public double value(double[] logits) {
        double[] p = Softmax.of(logits);
        double weighted = 0;
        for (int d : compared) {
            weighted += p[d] * (logits[classIndex] - logits[d]);
        }
        return weighted / total(p);
    }

    private double total(double[] p) {
        return EPSILON + compared.stream().mapToDouble(d -> p[d]).sum();
    }

    @Override
    public double[] seed(double[] logits) {
        double[] p = Softmax.of(logits);
        double value = value(logits);
        double total = total(p);
        // ∂T/∂p_d = (y_c - y_d - T) / total, and ∂p_d/∂y_j = p_d ([d = j] - p_j).
        double[] seed = new double[logits.length];
        double common = 0;
        for (int d : compared) {
            double moved = p[d] * (logits[classIndex] - logits[d] - value) / total;
            common += moved;
            seed[d] += moved - p[d] / total;
            seed[classIndex] += p[d] / total;
        }
        for (int j = 0; j < seed.length; j++) {
            seed[j] -= common * p[j];
        }
        return seed;
    }
}
