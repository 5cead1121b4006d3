package org.cam4j.explain;

/**
 * XGrad-CAM (Fu, Hu, Dong, Guo, Gao, Li: "Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs", BMVC 2020).
 *
 * <p>{@code w_k = Σ_yx G_k A_k / Σ_yx A_k} and {@code M = Σ_k w_k A_k}, where A are the layer's activations [h, w, k] and
 * {@code G = ∂target/∂A}. A channel whose activations add up to 0 has no weight and is left out; behind a ReLU such a channel is 0
 * everywhere. Where activations are negative a sum near 0 gives weights of any size.
 *
 * <p>The libraries add an epsilon to the sum, {@link Variant#PYTORCH_GRAD_CAM} 1e-7 and {@link Variant#TORCH_CAM} 1e-8; the paper has none.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 * @param variant whose formula
 */
public record XGradCam(String layer, Variant variant) implements ChannelMethod {

    /** The name on the command line and in files, without the variant. */
    public static final String NAME = "xgrad-cam";

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method by the paper's formula
     */
    public static XGradCam at(String layer) {
        return new XGradCam(layer, Variant.AUTHORS);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method by the paper's formula
     */
    public static XGradCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /**
     * Chooses whose formula.
     *
     * @param other any
     * @return the method by that formula
     */
    public XGradCam as(Variant other) {
        return new XGradCam(layer, other);
    }

    @Override
    public String name() {
        return variant.of(NAME);
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        float[] gradient = Gradients.of(image, layer, target);
        double[] sums = a.channelSums();
        double[] weights = new double[a.channels()];
        for (int i = 0; i < gradient.length; i++) {
            weights[i % weights.length] += (double) gradient[i] * a.values()[i];
        }
        for (int k = 0; k < weights.length; k++) {
            double sum = sums[k] + epsilon();
            weights[k] = sum == 0 ? 0 : weights[k] / sum;
        }
        return Doubles.rounded(weights);
    }

    private double epsilon() {
        return switch (variant) {
            case PYTORCH_GRAD_CAM -> 1e-7;
            case TORCH_CAM -> 1e-8;
            case AUTHORS -> 0;
        };
    }
}
