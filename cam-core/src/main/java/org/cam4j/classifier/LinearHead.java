package org.cam4j.classifier;

/**
 * The linear function from pooled features to logits: {@code logit_c = Σ_k W(k, c) · mean(A_k) + b_c}.
 *
 * @param weights {@code W} [channels, classes], row-major; not copied: do not modify it
 * @param bias {@code b} [classes]; not copied: do not modify it
 */
public record LinearHead(float[] weights, float[] bias) {

    /** Checks that the number of weights is a multiple of the number of classes. */
    public LinearHead {
        if (bias.length == 0 || weights.length == 0 || weights.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    weights.length + " weights are no whole number of channels of " + bias.length + " classes");
        }
    }

    /**
     * Returns the number of feature maps.
     *
     * @return k
     */
    public int channels() {
        return weights.length / bias.length;
    }

    /**
     * Returns the number of outputs.
     *
     * @return the number of classes
     */
    public int classes() {
        return bias.length;
    }
}
