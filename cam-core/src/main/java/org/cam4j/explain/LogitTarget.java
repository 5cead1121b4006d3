package org.cam4j.explain;

/** {@code y_c}, a class's logit. */
record LogitTarget(int classIndex) implements Target {

    LogitTarget {
        if (classIndex < 0) {
            throw new IllegalArgumentException("class " + classIndex + " is below 0; classes count from 0");
        }
    }

    /** Returns the class, which the network must have. */
    static int checked(int classIndex, double[] logits) {
        if (classIndex >= logits.length) {
            throw new IllegalArgumentException("class " + classIndex + " is none of the network's " + logits.length
                    + " classes, which count from 0");
        }
        return classIndex;
    }

    @Override
    public double value(double[] logits) {
        return logits[checked(classIndex, logits)];
    }

    @Override
    public double[] seed(double[] logits) {
        double[] seed = new double[logits.length];
        seed[checked(classIndex, logits)] = 1;
        return seed;
    }

    @Override
    public double[] curvature(double[] logits, int index) {
        return new double[logits.length];
    }
}
