package org.cam4j.explain;

import java.util.Arrays;

/**
 * LayerCAM (Jiang, Zhang, Hou, Cheng, Wei: "LayerCAM: Exploring Hierarchical Class Activation Maps for Localization", IEEE Transactions on
 * Image Processing 30, 2021).
 *
 * <p>{@code M = Σ_k max(G_k, 0) ⊙ A_k}, where A are the layer's activations [h, w, k] and {@code G = ∂target/∂A}. The method for shallow
 * layers, as each activation has a weight of its own. Several layers are joined by {@link FusedMaps.Fusion#TANH_MAXIMUM}, as in the paper
 * and torch-cam; {@link Variant#PYTORCH_GRAD_CAM}, the same on one layer, takes their mean, {@link FusedMaps.Fusion#MEAN}.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 * @param variant whose way to join several layers
 */
public record LayerCam(String layer, Variant variant) implements ChannelMethod {

    /** The name on the command line and in files, without the variant. */
    public static final String NAME = "layer-cam";

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static LayerCam at(String layer) {
        return new LayerCam(layer, Variant.AUTHORS);
    }

    /**
     * Explains by several layers.
     *
     * @param layers the layers' names, two or more
     * @return the method whose map joins theirs
     */
    public static FusedMaps at(String... layers) {
        return FusedMaps.of(
                FusedMaps.Fusion.TANH_MAXIMUM,
                Arrays.stream(layers).map(LayerCam::at).toArray(LayerCam[]::new));
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static LayerCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /**
     * Chooses whose way to join several layers.
     *
     * @param other any
     * @return the method in that way
     */
    public LayerCam as(Variant other) {
        return new LayerCam(layer, other);
    }

    @Override
    public String name() {
        return variant.of(NAME);
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        float[] gradient = Gradients.of(image, layer, target);
        float[] weights = new float[gradient.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.max(gradient[i], 0);
        }
        return weights;
    }
}
