package org.cam4j.explain;

import java.util.OptionalDouble;

/**
 * The class activation map that adds up: {@code M(y, x) = h · w · Σ_k G(y, x, k) A(y, x, k)}, where A are the layer's activations [h, w, k]
 * and G is the way back from the target to them with every gate between held as it is for this image. Then
 * {@code mean(M) + bias} is the target.
 *
 * <p>Behind average pooling and one dense layer this is the map of Zhou, Khosla, Lapedriza, Oliva, Torralba: "Learning Deep Features for
 * Discriminative Localization", CVPR 2016. A target that is no weighted sum of logits, such as a probability, is replaced by the sum with
 * its derivatives as weights; then there is no bias.
 *
 * @param layer the layer's name, or {@link ExplainedImage#TARGET_LAYER}
 */
public record Cam(String layer) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "cam";

    private static final double ROUNDED = 1e-6;

    /**
     * Explains by a layer.
     *
     * @param layer the layer's name
     * @return the method
     */
    public static Cam at(String layer) {
        return new Cam(layer);
    }

    /**
     * Explains by the network's own target layer, the last one with cells.
     *
     * @return the method
     */
    public static Cam atTarget() {
        return at(ExplainedImage.TARGET_LAYER);
    }

    /** A record's own, written out: every explanation asks, and Java would generate the code at every start, in 10 ms. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Cam cam && cam.layer.equals(layer);
    }

    @Override
    public int hashCode() {
        return layer.hashCode();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        LayerActivations a = image.activations(layer);
        float[] seed = target.seed(image.logits());
        ExplainedImage.HeldGradient held = image.heldGradient(layer, seed);
        float[] map = a.weightedSum(held.gradient()).values();
        for (int cell = 0; cell < map.length; cell++) {
            map[cell] *= map.length;
        }
        OptionalDouble bias =
                isSumOfLogits(target, image.logits(), seed) ? OptionalDouble.of(held.bias()) : OptionalDouble.empty();
        return new RawMap(a.layer(), a.height(), a.width(), map, bias);
    }

    private static boolean isSumOfLogits(Target target, float[] logits, float... seed) {
        double sum = 0;
        double size = 0;
        for (int c = 0; c < logits.length; c++) {
            sum += (double) seed[c] * logits[c];
            size += Math.abs((double) seed[c] * logits[c]);
        }
        return Math.abs(sum - target.value(logits)) <= ROUNDED * size;
    }
}
