package org.cam4j.explain;

import java.util.Random;

/**
 * RISE (Petsiuk, Das, Saenko: "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018). Sees the network from
 * outside only; needs thousands of forward passes.
 *
 * <p>{@code M = Σ_i p(x ⊙ m_i) m_i / (N · keep)} over N random masks, p the probability of the target's class. A mask is a grid of
 * cells × cells points, each 1 with probability keep and else 0, enlarged with linear interpolation to a little more than the image and
 * shifted by a random part of a point. Masked pixels are 0 after preprocessing. The same seed gives the same masks on every platform.
 *
 * @param masks N; the paper takes 4000 for VGG16 and 8000 for ResNet50
 * @param cells points along each side of a mask; the paper takes 7
 * @param keep the probability of a point to be 1; the paper takes 0.5
 * @param seed of the random numbers
 */
public record Rise(int masks, int cells, double keep, long seed) implements ExplanationMethod {

    /** The name on the command line and in files. */
    public static final String NAME = "rise";

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a count is not positive, or the probability not in (0, 1]
     */
    public Rise {
        if (masks < 1 || cells < 1 || !(keep > 0 && keep <= 1)) {
            throw new IllegalArgumentException(
                    "RISE needs at least one mask of at least one cell and keeps a share in (0, 1] of them," + " not "
                            + masks + " masks of " + cells + "x" + cells + " cells of which it keeps " + keep);
        }
    }

    /**
     * Explains with the paper's masks.
     *
     * @param masks how many
     * @return the method
     */
    public static Rise with(int masks) {
        return new Rise(masks, 7, 0.5, 0);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        int height = image.shape().height();
        int width = image.shape().width();
        int channels = image.shape().channels();
        Target probability = image.logProbability(target).exp();
        float[][] logits = image.logits(masks, i -> {
            float[] mask = mask(i, height, width);
            float[] masked = image.values().clone();
            for (int j = 0; j < masked.length; j++) {
                masked[j] *= mask[j / channels];
            }
            return masked;
        });
        double[] map = new double[height * width];
        for (int i = 0; i < masks; i++) {
            double score = probability.value(logits[i]) / (masks * keep);
            // Masks are made twice, as thousands of them do not fit in memory.
            float[] mask = mask(i, height, width);
            for (int j = 0; j < map.length; j++) {
                map[j] += score * mask[j];
            }
        }
        return new RawMap(RawMap.IMAGE, height, width, Doubles.rounded(map));
    }

    private float[] mask(int index, int height, int width) {
        // java.util.Random's numbers are part of its contract. The factor, that of SplitMix64, sets neighbouring seeds
        // apart.
        Random random = new Random(seed + index * 0x9E3779B97F4A7C15L);
        float[] grid = new float[cells * cells];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = random.nextDouble() < keep ? 1 : 0;
        }
        int cellHeight = (height + cells - 1) / cells;
        int cellWidth = (width + cells - 1) / cells;
        int wide = (cells + 1) * cellWidth;
        float[] large =
                Bilinear.halfPixel(cells, cells, (cells + 1) * cellHeight, wide).resized(grid);
        int top = random.nextInt(cellHeight);
        int left = random.nextInt(cellWidth);
        float[] mask = new float[height * width];
        for (int y = 0; y < height; y++) {
            System.arraycopy(large, (top + y) * wide + left, mask, y * width, width);
        }
        return mask;
    }
}
