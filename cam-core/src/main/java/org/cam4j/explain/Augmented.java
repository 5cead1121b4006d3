package org.cam4j.explain;

/**
 * The mean of another method's maps of six images, for less noise: aug_smooth of pytorch-grad-cam. The images are the preprocessed one and
 * its mirror image, each times 0.9, 1 and 1.1; maps of mirror images are mirrored back.
 *
 * <p>pytorch-grad-cam takes the mean of maps that were each stretched to [0, 1]; here the maps are raw, so that images with more evidence
 * count for more.
 *
 * @param method makes the maps
 */
public record Augmented(ExplanationMethod method) implements ExplanationMethod {

    /** Stands behind the method's name on the command line and in files. */
    public static final String SUFFIX = ":aug-smooth";

    private static final double[] FACTORS = {0.9, 1, 1.1};

    /**
     * Smooths a method's maps.
     *
     * @param method makes the maps
     * @return the smooth method
     */
    public static Augmented of(ExplanationMethod method) {
        return new Augmented(method);
    }

    @Override
    public String name() {
        return method.name() + SUFFIX;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        float[] mirrored =
                mirrored(image.values(), image.shape().width(), image.shape().channels());
        double[] sum = null;
        RawMap map = null;
        for (double factor : FACTORS) {
            map = method.map(factor == 1 ? image : image.with(times(image.values(), factor)), target);
            RawMap ofMirrored = method.map(image.with(times(mirrored, factor)), target);
            float[] back = mirrored(ofMirrored.values(), ofMirrored.width(), 1);
            sum = sum == null ? new double[back.length] : sum;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += ((double) map.values()[i] + back[i]) / (2 * FACTORS.length);
            }
        }
        return new RawMap(map.layer(), map.height(), map.width(), Doubles.rounded(sum));
    }

    private static float[] times(float[] values, double factor) {
        float[] product = new float[values.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = (float) (values[i] * factor);
        }
        return product;
    }

    /** Turns the rows of values [rows, width, channels] around. */
    private static float[] mirrored(float[] values, int width, int channels) {
        float[] mirrored = new float[values.length];
        for (int pixel = 0; pixel < values.length / channels; pixel++) {
            int other = pixel - pixel % width + width - 1 - pixel % width;
            System.arraycopy(values, other * channels, mirrored, pixel * channels, channels);
        }
        return mirrored;
    }
}
