package org.cam4j.explain;

/**
 * The points and weights of Gauss and Legendre on [0, 1], exact for polynomials of degree 2n - 1 (Press and others: "Numerical Recipes", 3rd
 * edition, section 4.6).
 *
 * @param points in (0, 1), rising
 * @param weights which add up to 1
 */
record GaussLegendre(double[] points, double[] weights) {

    private static final double EXACT = 1e-15;

    private static final int MOST_STEPS = 100;

    static GaussLegendre of(int count) {
        double[] points = new double[count];
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            // Newton's method from a guess that is near a root of the Legendre polynomial.
            double x = -Math.cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope = 0;
            double change = 1;
            for (int step = 0; step < MOST_STEPS && Math.abs(change) > EXACT; step++) {
                double before = 0;
                double value = 1;
                for (int degree = 1; degree <= count; degree++) {
                    double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
                    before = value;
                    value = next;
                }
                slope = count * (x * value - before) / (x * x - 1);
                change = value / slope;
                x -= change;
            }
            points[i] = (1 + x) / 2;
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
        return new GaussLegendre(points, weights);
    }
}
