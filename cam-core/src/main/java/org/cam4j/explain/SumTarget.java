package org.cam4j.explain;

/** {@code first + factor · second}. */
record SumTarget(Target first, double factor, Target second) implements Target {

    @Override
    public int classIndex() {
        return first.classIndex();
    }

    @Override
    public double value(double[] logits) {
        return first.value(logits) + factor * second.value(logits);
    }

    @Override
    public double[] seed(double[] logits) {
        return sum(first.seed(logits), second.seed(logits));
    }

    @Override
    public double[] curvature(double[] logits, int index) {
        return sum(first.curvature(logits, index), second.curvature(logits, index));
    }

    private double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + factor * b[i];
        }
        return sum;
    }
}
