package org.cam4j.explain;

/**
 * HiResCAM (Draelos, Carin: "Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks",
 * arXiv:2011.08891, 2020).
 *
 * <p>{@code M = Σ_k G_k ⊙ A_k}, where A are the layer's activations [h, w, k] and {@code G = ∂target/∂A}. Where one linear layer follows,
 * behind average pooling or behind a flattened layer, M adds up to the logit without its bias. Before a layer normalization that alone
 * reads a cell, as in vision transformers, M is 0 there but for the normalization's epsilon.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 */
public record HiResCam(String layer) implements ChannelMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "hires-cam";

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static HiResCam at(String layer) {
        return new HiResCam(layer);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static HiResCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        return Gradients.of(image, layer, target);
    }
}
