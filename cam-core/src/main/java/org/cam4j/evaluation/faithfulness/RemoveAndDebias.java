package org.cam4j.evaluation.faithfulness;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Random;
import org.cam4j.ActivationMap;

/**
 * ROAD, remove and debias: the class's probability after pixels were removed and filled in from their neighbours (Rong et al.,
 * ICML 2022; see {@link NoisyLinearImputation}).
 *
 * <p>20, 40, 60 and 80 % of the pixels go, once from the most relevant on (MoRF) and once from the least relevant on (LeRF). The
 * score is half the mean difference of the probabilities, LeRF less MoRF: large where what the map calls relevant matters, and
 * what it calls irrelevant does not; about 0 for a random map.
 */
final class RemoveAndDebias {

    private static final int[] PERCENT = {20, 40, 60, 80};
    // The paper's 0.01 for pixels in [0, 1].
    private static final double NOISE = 0.01 * 255;

    private RemoveAndDebias() {}

    static double score(BufferedImage photo, ActivationMap map, ClassProbability probability, long seed) {
        int[] ranking = PixelRanking.mostRelevantFirst(map);
        double[] mostFirst = probabilities(photo, ranking, probability, seed);
        double[] leastFirst = probabilities(photo, PixelRanking.reversed(ranking), probability, seed);
        return (Arrays.stream(leastFirst).sum() - Arrays.stream(mostFirst).sum()) / PERCENT.length / 2;
    }

    private static double[] probabilities(BufferedImage photo, int[] ranking, ClassProbability probability, long seed) {
        int[] pixels = Pixels.of(photo);
        int width = photo.getWidth();
        Random random = new Random(seed);
        return probability.of(PERCENT.length, i -> {
            int[] missing = Arrays.copyOf(ranking, (int) ((long) ranking.length * PERCENT[i] / 100));
            int[] filled = new NoisyLinearImputation(width, photo.getHeight(), missing).filled(pixels, NOISE, random);
            return Pixels.picture(filled, width);
        });
    }
}
