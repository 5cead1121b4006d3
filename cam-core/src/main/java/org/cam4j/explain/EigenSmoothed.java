package org.cam4j.explain;

/**
 * Another method's channels, joined by their first principal component in place of their sum: eigen_smooth of pytorch-grad-cam, for less
 * noise.
 *
 * <p>The rows of the matrix [h · w, k] are the cells' {@code w_k A_k}; each channel's mean is taken off, and the rows are projected on the
 * first right singular vector. pytorch-grad-cam leaves the sign to LAPACK; here it is the one that agrees with the method's own map, so that
 * high values still speak for the target.
 *
 * @param method whose weights
 */
public record EigenSmoothed(ChannelMethod method) implements ExplanationMethod {

    /** Stands behind the method's name on the command line and in files. */
    public static final String SUFFIX = ":eigen-smooth";

    /**
     * Smooths a method's maps.
     *
     * @param method whose weights
     * @return the smooth method
     */
    public static EigenSmoothed of(ChannelMethod method) {
        return new EigenSmoothed(method);
    }

    @Override
    public String name() {
        return method.name() + SUFFIX;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(method.layer());
        float[] weights = method.weights(image, target);
        double[] terms = Doubles.of(a.values());
        for (int i = 0; i < terms.length; i++) {
            terms[i] *= weights.length == a.channels() ? weights[i % weights.length] : weights[i];
        }
        double[] component = CellVectors.of(terms, a.channels()).centred().firstComponent();
        float[] sums = a.weightedSum(weights).values();
        double agreement = 0;
        for (int i = 0; i < component.length; i++) {
            agreement += component[i] * sums[i];
        }
        return new RawMap(a.layer(), a.height(), a.width(), CellVectors.signed(component, agreement < 0 ? -1 : 1));
    }
}
