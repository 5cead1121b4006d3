package org.cam4j.explain;

/**
 * Grad-CAM (Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra: "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
 * Localization", ICCV 2017).
 *
 * <p>{@code w_k = mean_yx G_k(y, x)} and {@code M = Σ_k w_k A_k}, where A are the layer's activations [h, w, k] and {@code G = ∂target/∂A}.
 * Behind a head of average pooling and one dense layer this is the class activation map divided by the number of cells. pytorch-grad-cam,
 * torch-cam and captum agree.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 */
public record GradCam(String layer) implements ChannelMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "grad-cam";

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static GradCam at(String layer) {
        return new GradCam(layer);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static GradCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        return image.sumByMeanGradients(layer, target.seed(image.logits()));
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        return Gradients.channelMeans(
                Gradients.of(image, layer, target), image.activations(layer).channels());
    }
}
