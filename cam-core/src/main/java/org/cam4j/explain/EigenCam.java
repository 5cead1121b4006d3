package org.cam4j.explain;

/**
 * Eigen-CAM (Muhammad, Yeasin: "Eigen-CAM: Class Activation Map using Principal Components", IJCNN 2020). Has no class: the target does not
 * matter.
 *
 * <p>M = A v_1, where the rows of A [h · w, k] are the cells' activations and v_1 is its first right singular vector. The sign of v_1 is
 * free; it is the one that makes M's entry of the largest size positive. Where the activations are not negative, M is nowhere negative
 * then.
 *
 * <p>{@link Variant#PYTORCH_GRAD_CAM} takes each channel's mean off first, which the paper does not, so that about half of M is negative
 * and the sign matters. There it is what LAPACK happens to return; here the rule above holds.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 * @param variant whose formula
 */
public record EigenCam(String layer, Variant variant) implements ExplanationMethod {

    /** The name on the command line and in files, without the variant. */
    public static final String NAME = "eigen-cam";

    /**
     * Checks the variant.
     *
     * @throws IllegalArgumentException for torch-cam, which does not have this method
     */
    public EigenCam {
        variant.requireOneOf(NAME, Variant.AUTHORS, Variant.PYTORCH_GRAD_CAM);
    }

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method by the paper's formula
     */
    public static EigenCam at(String layer) {
        return new EigenCam(layer, Variant.AUTHORS);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method by the paper's formula
     */
    public static EigenCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /**
     * Chooses whose formula.
     *
     * @param other authors or pytorch-grad-cam
     * @return the method by that formula
     */
    public EigenCam as(Variant other) {
        return new EigenCam(layer, other);
    }

    @Override
    public String name() {
        return variant.of(NAME);
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        CellVectors vectors = CellVectors.of(Doubles.of(a.values()), a.channels());
        CellVectors projected = variant == Variant.AUTHORS ? vectors : vectors.centred();
        return new RawMap(a.layer(), a.height(), a.width(), CellVectors.largestPositive(projected.firstComponent()));
    }
}
