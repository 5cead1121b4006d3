package org.cam4j.explain;

/** {@code exp(t)}; its derivative is {@code exp(t) ∂t}. */
record ExponentialTarget(Target exponent) implements Target {

    @Override
    public int classIndex() {
        return exponent.classIndex();
    }

    @Override
    public double value(double[] logits) {
        return Math.exp(exponent.value(logits));
    }

    @Override
    public double[] seed(double[] logits) {
        double value = value(logits);
        double[] seed = exponent.seed(logits);
        for (int i = 0; i < seed.length; i++) {
            seed[i] *= value;
        }
        return seed;
    }
}
