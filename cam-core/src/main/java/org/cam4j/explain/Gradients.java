package org.cam4j.explain;

/** What methods do with a target's gradient by a layer. */
final class Gradients {

    private Gradients() {}

    /** Returns {@code G = ∂target/∂A} [h, w, k]. */
    static float[] of(ExplainedImage image, String layer, Target target) {
        return image.gradient(layer, target.seed(image.logits()));
    }

    /** Returns the mean of each channel of values [h, w, k]. */
    static float[] channelMeans(float[] values, int channels) {
        double[] sums = LayerActivations.channelSums(values, channels);
        float[] means = new float[channels];
        for (int k = 0; k < channels; k++) {
            means[k] = (float) (sums[k] * channels / values.length);
        }
        return means;
    }
}
