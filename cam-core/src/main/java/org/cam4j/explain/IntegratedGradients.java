package org.cam4j.explain;

/**
 * Integrated gradients (Sundararajan, Taly, Yan: "Axiomatic Attribution for Deep Networks", ICML 2017): a map of pixels.
 *
 * <p>{@code M = Σ_channels (x - b) ⊙ ∫_0^1 ∂target/∂x (b + a (x - b)) da}, x the preprocessed image and b a baseline of one value. The
 * integral is that of Gauss and Legendre, as in captum. M adds up to the target less the target of the baseline, as far as the steps are
 * enough.
 *
 * @param steps points of the integral, each a gradient; captum takes 50
 * @param baseline the value of b, after preprocessing; 0 is the mean colour for most networks
 */
public record IntegratedGradients(int steps, float baseline) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "integrated-gradients";

    private static final int MOST_STEPS = 1000;

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not in [1, 1000]
     */
    public IntegratedGradients {
        if (steps < 1 || steps > MOST_STEPS) {
            throw new IllegalArgumentException("integrated gradients take 1 to " + MOST_STEPS + " steps, not " + steps);
        }
    }

    /**
     * Explains from a baseline of 0.
     *
     * @param steps points of the integral
     * @return the method
     */
    public static IntegratedGradients with(int steps) {
        return new IntegratedGradients(steps, 0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        GaussLegendre integral = GaussLegendre.of(steps);
        float[] x = image.values();
        float[][] gradients = image.imageGradients(steps, i -> between(x, integral.points()[i]), target);
        int channels = image.shape().channels();
        double[] map = new double[x.length / channels];
        for (int step = 0; step < steps; step++) {
            double weight = integral.weights()[step];
            for (int i = 0; i < x.length; i++) {
                map[i / channels] += weight * gradients[step][i] * ((double) x[i] - baseline);
            }
        }
        return new RawMap(RawMap.IMAGE, image.shape().height(), image.shape().width(), Doubles.rounded(map));
    }

    private float[] between(float[] x, double share) {
        float[] between = new float[x.length];
        for (int i = 0; i < between.length; i++) {
            between[i] = (float) (baseline + share * ((double) x[i] - baseline));
        }
        return between;
    }
}
