package org.cam4j.explain;

/**
 * Elementwise Grad-CAM, from pytorch-grad-cam, where it is GradCAMElementWise; there is no paper.
 *
 * <p>{@code M = Σ_k max(G_k ⊙ A_k, 0)}, where A are the layer's activations [h, w, k] and {@code G = ∂target/∂A}: HiResCAM without what
 * speaks against the target. Where no activation is negative it is {@link LayerCam}.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 */
public record ElementwiseGradCam(String layer) implements ChannelMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "elementwise-grad-cam";

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static ElementwiseGradCam at(String layer) {
        return new ElementwiseGradCam(layer);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static ElementwiseGradCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        float[] activations = image.activations(layer).values();
        float[] weights = Gradients.of(image, layer, target).clone();
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] * activations[i] < 0) {
                weights[i] = 0;
            }
        }
        return weights;
    }
}
