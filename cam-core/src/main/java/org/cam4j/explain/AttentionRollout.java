package org.cam4j.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Attention rollout (Abnar and Zuidema: "Quantifying Attention Flow in Transformers", ACL 2020): how much of each patch reaches the tokens
 * that a transformer's scores are read from, if attention alone moved anything. The same for all classes.
 *
 * <p>{@code R = Π_l ½ (Ā_l + I)}, the last block's factor first, with {@code Ā_l} [t, t] the mean of the block's shares over its heads and
 * the identity for the residual connection; {@code M} is the mean over the tokens {@code r} that the scores are read from, such as the class
 * token, of row {@code R_r}, at the cells. Values are in [0, 1]; what is missing to a sum of 1 is in tokens of no place.
 */
public record AttentionRollout() implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "attention-rollout";

    /**
     * Explains by the attention of all blocks.
     *
     * @return the method
     */
    public static AttentionRollout ofBlocks() {
        return new AttentionRollout();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        Attention attention = image.attention();
        double[] row = rowOfReadTokens(attention.read());
        List<Attention.Block> fromLast = new ArrayList<>(attention.blocks());
        Collections.reverse(fromLast);
        for (Attention.Block block : fromLast) {
            row = before(row, block);
        }
        return attention.map(row);
    }

    private static double[] rowOfReadTokens(boolean[] read) {
        double[] row = new double[read.length];
        int count = 0;
        for (boolean isRead : read) {
            count += isRead ? 1 : 0;
        }
        for (int token = 0; token < row.length; token++) {
            row[token] = read[token] ? 1.0 / count : 0;
        }
        return row;
    }

    /** Returns {@code row · ½ (Ā + I)}. */
    private static double[] before(double[] row, Attention.Block block) {
        int tokens = row.length;
        double[] before = new double[tokens];
        float[] shares = block.shares();
        for (int i = 0; i < shares.length; i++) {
            before[i % tokens] += row[i / tokens % tokens] * shares[i] / block.heads();
        }
        for (int token = 0; token < tokens; token++) {
            before[token] = (before[token] + row[token]) / 2;
        }
        return before;
    }
}
