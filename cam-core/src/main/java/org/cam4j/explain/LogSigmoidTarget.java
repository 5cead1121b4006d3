package org.cam4j.explain;

/** {@code log σ(y) = -log(1 + exp(-y))}; its derivative by y is {@code σ(-y)}. */
record LogSigmoidTarget(Target logit) implements Target {

    @Override
    public int classIndex() {
        return logit.classIndex();
    }

    @Override
    public double value(double[] logits) {
        double y = logit.value(logits);
        return Math.min(y, 0) - Math.log1p(Math.exp(-Math.abs(y)));
    }

    @Override
    public double[] seed(double[] logits) {
        double slope = 1 / (1 + Math.exp(logit.value(logits)));
        double[] seed = logit.seed(logits);
        for (int i = 0; i < seed.length; i++) {
            seed[i] *= slope;
        }
        return seed;
    }
}
