package org.cam4j.explain;

/** {@code log y_c}; its derivative by {@code y_c} is {@code 1 / y_c}. A probability of 0 counts as the smallest number. */
record LogOutputTarget(int classIndex) implements Target {

    private double output(double[] logits) {
        return Math.max(logits[LogitTarget.checked(classIndex, logits)], Double.MIN_NORMAL);
    }

    @Override
    public double value(double[] logits) {
        return Math.log(output(logits));
    }

    @Override
    public double[] seed(double[] logits) {
        double[] seed = new double[logits.length];
        seed[classIndex] = 1 / output(logits);
        return seed;
    }
}
