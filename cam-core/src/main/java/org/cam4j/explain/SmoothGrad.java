package org.cam4j.explain;

import java.util.Random;

/**
 * SmoothGrad (Smilkov, Thorat, Kim, Viégas, Wattenberg: "SmoothGrad: removing noise by adding noise", arXiv:1706.03825, 2017): a map of
 * pixels.
 *
 * <p>{@code M = Σ_channels |mean_i ∂target/∂x (x + n_i)|} over samples with Gaussian noise n_i of a standard deviation that is a share of
 * the range of the preprocessed image x. The paper leaves open how channels are joined; their code adds sizes. M says where the target is
 * sensitive, not in which direction. The same seed gives the same noise on every platform.
 *
 * @param samples how many; the paper takes 50
 * @param noise the standard deviation by max x - min x; the paper takes 0.1 to 0.2
 * @param seed of the random numbers
 */
public record SmoothGrad(int samples, double noise, long seed) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "smooth-grad";

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the samples are not positive, or the noise negative
     */
    public SmoothGrad {
        if (samples < 1 || !(noise >= 0)) {
            throw new IllegalArgumentException("SmoothGrad needs one sample or more and noise of 0 or more, not "
                    + samples + " samples with noise of " + noise);
        }
    }

    /**
     * Explains with noise of 0.15 of the image's range.
     *
     * @param samples how many
     * @return the method
     */
    public static SmoothGrad with(int samples) {
        return new SmoothGrad(samples, 0.15, 0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        float[] x = image.values();
        double deviation = noise * range(x);
        Random random = new Random(seed);
        float[][] gradients = image.imageGradients(samples, i -> noisy(x, deviation, random), target);
        int channels = image.shape().channels();
        double[] map = new double[x.length / channels];
        for (int i = 0; i < x.length; i++) {
            double sum = 0;
            for (float[] gradient : gradients) {
                sum += gradient[i];
            }
            map[i / channels] += Math.abs(sum / samples);
        }
        return new RawMap(RawMap.IMAGE, image.shape().height(), image.shape().width(), Doubles.rounded(map));
    }

    private static double range(float[] x) {
        float least = x[0];
        float largest = x[0];
        for (float value : x) {
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        return (double) largest - least;
    }

    private static float[] noisy(float[] x, double deviation, Random random) {
        float[] noisy = new float[x.length];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = (float) (x[i] + deviation * random.nextGaussian());
        }
        return noisy;
    }
}
