package org.cam4j.explain;

/**
 * Ablation-CAM (Desai, Ramaswamy: "Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free Localization", WACV
 * 2020). Takes no gradient; the part of the network behind the layer runs once for each channel.
 *
 * <p>{@code w_k = (y - y_k) / y} and {@code M = Σ_k w_k A_k}, where y is the target and y_k the target with channel k set to 0. Where y is
 * negative the paper's division turns the map's sign; where y is 0 the drops y - y_k themselves are the weights.
 *
 * <p>{@link Variant#PYTORCH_GRAD_CAM} sets a channel to 0 only if the layer's least activation is exactly 0. Else it sets it to 1e7 below
 * the least one and looks that up again for each channel of a batch of 32, so that the i-th of a batch, from 1, is set to
 * {@code min - i · 1e7}: weights are of any size and depend on the order of the channels.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 * @param variant whose version
 */
public record AblationCam(String layer, Variant variant) implements ChannelMethod {

    /** The name on the command line and in files, without the variant. */
    public static final String NAME = "ablation-cam";

    private static final int LIBRARY_BATCH = 32;

    private static final double LIBRARY_STEP = 1e7;

    /**
     * Checks the variant.
     *
     * @throws IllegalArgumentException for torch-cam, which does not have this method
     */
    public AblationCam {
        variant.requireOneOf(NAME, Variant.AUTHORS, Variant.PYTORCH_GRAD_CAM);
    }

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the paper's version
     */
    public static AblationCam at(String layer) {
        return new AblationCam(layer, Variant.AUTHORS);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the paper's version
     */
    public static AblationCam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /**
     * Chooses whose version.
     *
     * @param other authors or pytorch-grad-cam
     * @return that version
     */
    public AblationCam as(Variant other) {
        return new AblationCam(layer, other);
    }

    @Override
    public String name() {
        return variant.of(NAME);
    }

    @Override
    public float[] weights(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        double least = variant == Variant.AUTHORS ? 0 : least(a);
        float[][] logits = image.logitsFrom(layer, a.channels(), k -> ablated(a, k, least));
        double whole = target.value(image.logits());
        float[] weights = new float[a.channels()];
        for (int k = 0; k < weights.length; k++) {
            double drop = whole - target.value(logits[k]);
            weights[k] = (float) (whole == 0 ? drop : drop / whole);
        }
        return weights;
    }

    private static double least(LayerActivations a) {
        double least = Double.POSITIVE_INFINITY;
        for (float value : a.values()) {
            least = Math.min(least, value);
        }
        return least;
    }

    private static float[] ablated(LayerActivations a, int channel, double least) {
        float value = (float) (least == 0 ? 0 : least - (channel % LIBRARY_BATCH + 1) * LIBRARY_STEP);
        float[] ablated = a.values().clone();
        for (int i = channel; i < ablated.length; i += a.channels()) {
            ablated[i] = value;
        }
        return ablated;
    }
}
