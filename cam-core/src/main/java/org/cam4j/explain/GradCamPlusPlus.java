package org.cam4j.explain;

/**
 * Grad-CAM++ (Chattopadhay, Sarkar, Howlader, Balasubramanian: "Grad-CAM++: Generalized Gradient-based Visual Explanations for Deep
 * Convolutional Networks", WACV 2018).
 *
 * <p>{@code α = G² / (2G² + S_k G³)}, {@code w_k = Σ_yx α max(G, 0)} and {@code M = Σ_k w_k A_k}, where A are the layer's activations
 * [h, w, k], {@code G = ∂target/∂A} and {@code S_k = Σ_yx A_k}. The paper differentiates {@code exp(target)}, whose factor is the same for
 * all channels and left out here. As α is {@code 1 / (2 + S_k G)}, no epsilon is needed: where G is 0 its weight is 0, and where
 * {@code S_k G} is exactly -2, which takes negative activations, α is taken as 0. Near -2 weights grow without bound; the formula was made
 * for layers behind a ReLU.
 *
 * <p>{@link Variant#PYTORCH_GRAD_CAM} adds 1e-6 to the denominator. As G² of a wide layer is often below 1e-8, this epsilon decides: α is
 * then about 1e6 G², and the map depends on the scale of the logits. {@link Variant#TORCH_CAM} divides in a copy, so that
 * {@code w_k = Σ_yx max(G, 0)³} remains.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 * @param variant whose formula
 */
public record GradCamPlusPlus(String layer, Variant variant) implements ChannelMethod {

    /** The name on the command line and in files, without the variant. */
    public static final String NAME = "grad-cam++";

    private static final double LIBRARY_EPSILON = 1e-6;

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method by the paper's formula
     */
    public static GradCamPlusPlus at(String layer) {
        return new GradCamPlusPlus(layer, Variant.AUTHORS);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method by the paper's formula
     */
    public static GradCamPlusPlus atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /**
     * Chooses whose formula.
     *
     * @param other any
     * @return the method by that formula
     */
    public GradCamPlusPlus as(Variant other) {
        return new GradCamPlusPlus(layer, other);
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
            if (gradient[i] > 0) {
                int k = i % weights.length;
                weights[k] += share(gradient[i], sums[k]) * gradient[i];
            }
        }
        return Doubles.rounded(weights);
    }

    /** Returns α. */
    private double share(double g, double sum) {
        return switch (variant) {
            case PYTORCH_GRAD_CAM -> g * g / (2 * g * g + sum * g * g * g + LIBRARY_EPSILON);
            case TORCH_CAM -> g * g;
            case AUTHORS -> 2 + sum * g == 0 ? 0 : 1 / (2 + sum * g);
        };
    }
}
