package org.cam4j.explain;

import java.util.List;

/**
 * LeGrad (Bousselham and others: "LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity", ICCV 2025):
 * how much more the target would be if tokens attended more to a patch, over all blocks of a transformer.
 *
 * <p>{@code M = 1/L Σ_l 1/(h t) Σ_head Σ_i max(∂s_l/∂A_l, 0)} with {@code A_l} [h, t, t] the shares of block {@code l}, of L, and i the token
 * that attends. {@code s_l} is the target of the scores that the network's head gives for the block's own tokens: as in the authors' code,
 * the mean of the block's tokens stands in place of each token behind the last block. Values are positive. The authors' code takes the
 * last two blocks unless it is told others; here, as in the paper, all blocks count.
 */
public record LeGrad() implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "legrad";

    /**
     * Explains by the attention of all blocks.
     *
     * @return the method
     */
    public static LeGrad ofBlocks() {
        return new LeGrad();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        Attention attention = image.attention();
        List<float[]> gradients = image.attentionGradients(target);
        int tokens = attention.tokens();
        double[] means = new double[tokens];
        for (float[] gradient : gradients) {
            double rows = (double) gradient.length / tokens * gradients.size();
            for (int i = 0; i < gradient.length; i++) {
                means[i % tokens] += Math.max(gradient[i], 0) / rows;
            }
        }
        return attention.map(means);
    }
}
