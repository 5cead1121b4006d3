package org.cam4j.classifier;

import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;

/**
 * What turns pooled features into logits: {@code logit_c = Σ_k W(k, c) · mean(A_k) + b_c}.
 *
 * @param weights {@code W} [channels][classes]; shared, so leave it alone
 * @param bias {@code b} [classes]; shared, so leave it alone
 */
public record LinearHead(float[] weights, float[] bias) {

    /** Checks that the weights are of whole channels. */
    public LinearHead {
        if (bias.length == 0 || weights.length == 0 || weights.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    weights.length + " weights are no whole number of channels of " + bias.length + " classes");
        }
    }

    /**
     * Feature maps.
     *
     * @return k
     */
    public int channels() {
        return weights.length / bias.length;
    }

    /**
     * Outputs.
     *
     * @return the number of classes
     */
    public int classes() {
        return bias.length;
    }

    /**
     * What makes logits of averages.
     *
     * @return a dense layer without activation
     */
    public Dense dense() {
        int classes = classes();
        float[] transposed = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            transposed[i % classes * channels() + i / classes] = weights[i];
        }
        return Dense.of(transposed, bias, Activation.IDENTITY);
    }
}
