package org.cam4j.evaluation.faithfulness;

/**
 * The class's probability as more and more of a photo is changed.
 *
 * @param probabilities at equal steps from nothing changed to everything changed, at least two
 */
public record Curve(double[] probabilities) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there are fewer than two points
     */
    public Curve {
        probabilities = probabilities.clone();
        if (probabilities.length < 2) {
            throw new IllegalArgumentException("a curve of " + probabilities.length + " points: at least 2 are needed");
        }
    }

    /**
     * The points.
     *
     * @return a copy
     */
    @Override
    public double[] probabilities() {
        return probabilities.clone();
    }

    /**
     * The area under the curve by the trapezoidal rule, over a width of 1.
     *
     * @return in [0, 1]
     */
    public double area() {
        double sum = 0;
        for (int i = 1; i < probabilities.length; i++) {
            sum += (probabilities[i - 1] + probabilities[i]) / 2;
        }
        return sum / (probabilities.length - 1);
    }
}
