package org.cam4j.explain;

/**
 * Eigen-Grad-CAM, from pytorch-grad-cam, where it is EigenGradCAM; there is no paper.
 *
 * <p>The first principal component of {@code G ⊙ A}, where A are the layer's activations [h, w, k] and {@code G = ∂target/∂A}: the rows of
 * the matrix [h · w, k] are cells, each channel's mean is taken off, and the rows are projected on the first right singular vector. The
 * sign, which pytorch-grad-cam leaves to LAPACK, is the one that makes the entry of the largest size positive.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 */
public record EigenGradCam(String layer) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "eigen-grad-cam";

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static EigenGradCam at(String layer) {
        return new EigenGradCam(layer);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static EigenGradCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        float[] gradient = Gradients.of(image, layer, target);
        double[] terms = Doubles.of(a.values());
        for (int i = 0; i < terms.length; i++) {
            terms[i] *= gradient[i];
        }
        double[] component = CellVectors.of(terms, a.channels()).centred().firstComponent();
        return new RawMap(a.layer(), a.height(), a.width(), CellVectors.largestPositive(component));
    }
}
