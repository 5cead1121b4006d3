package org.cam4j.explain;

/**
 * A method whose map is a weighted sum of a layer's channels: {@code M(y, x) = Σ_k w_k(y, x) A_k(y, x)}. The weights alone make the
 * method.
 */
public interface ChannelMethod extends ExplanationMethod {

    /**
     * Returns the layer whose channels are added.
     *
     * @return its name, or {@link ExplainedImage#TARGET_LAYER}
     */
    String layer();

    /**
     * Returns the weights.
     *
     * @param image the image in the network
     * @param target what to explain
     * @return {@code w}, one for each channel [k], or one for each activation [h, w, k]; may be shared: do not modify it
     */
    float[] weights(ExplainedImage image, Target target);

    @Override
    default RawMap map(ExplainedImage image, Target target) {
        return image.activations(layer()).weightedSum(weights(image, target));
    }
}
