package org.cam4j.evaluation.faithfulness;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.cam4j.ActivationMap;

/**
 * Deletion and insertion: how fast the class disappears as the most relevant pixels go, and appears as they come (Petsiuk, Das,
 * Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018).
 *
 * <p>Deletion replaces pixels, the most relevant first, by the photo's mean colour; a good map gives a small area under the
 * curve. Insertion puts them into a blurred photo (Gaussian, σ 5 pixels, 11x11); a good map gives a large one. Equal shares of the
 * pixels are changed from step to step.
 */
final class PixelFlipping {

    private static final int REACH = 5;
    private static final double SIGMA = 5;

    private final int width;
    private final int[] photo;
    private final int[] ranking;
    private final ClassProbability probability;
    private final int steps;

    PixelFlipping(BufferedImage photo, ActivationMap map, ClassProbability probability, int steps) {
        this.width = photo.getWidth();
        this.photo = Pixels.of(photo);
        this.ranking = PixelRanking.mostRelevantFirst(map);
        this.probability = probability;
        this.steps = steps;
    }

    Curve deletion() {
        int[] mean = new int[photo.length];
        Arrays.fill(mean, Pixels.mean(photo));
        return curve(photo, mean);
    }

    Curve insertion() {
        return curve(blurred(photo, width), photo);
    }

    private Curve curve(int[] from, int[] to) {
        return new Curve(probability.of(steps + 1, step -> {
            int[] pixels = from.clone();
            int changed = (int) ((long) photo.length * step / steps);
            for (int i = 0; i < changed; i++) {
                pixels[ranking[i]] = to[ranking[i]];
            }
            return Pixels.picture(pixels, width);
        }));
    }

    /** Beyond the edges the outermost pixels go on. */
    static int[] blurred(int[] pixels, int width) {
        int height = pixels.length / width;
        double[] kernel = kernel();
        int[] blurred = new int[pixels.length];
        for (int shift = 16; shift >= 0; shift -= 8) {
            double[] across = along(Pixels.channel(pixels, shift), width, height, 1, width, kernel);
            Pixels.setChannel(blurred, shift, along(across, height, width, width, 1, kernel));
        }
        return blurred;
    }

    private static double[] along(double[] values, int length, int lines, int stride, int lineStride, double[] kernel) {
        double[] sums = new double[values.length];
        for (int line = 0; line < lines; line++) {
            for (int i = 0; i < length; i++) {
                double sum = 0;
                for (int k = -REACH; k <= REACH; k++) {
                    int at = Math.max(0, Math.min(length - 1, i + k));
                    sum += kernel[k + REACH] * values[line * lineStride + at * stride];
                }
                sums[line * lineStride + i * stride] = sum;
            }
        }
        return sums;
    }

    private static double[] kernel() {
        double[] kernel = new double[2 * REACH + 1];
        double sum = 0;
        for (int k = -REACH; k <= REACH; k++) {
            kernel[k + REACH] = Math.exp(-k * k / (2 * SIGMA * SIGMA));
            sum += kernel[k + REACH];
        }
        for (int k = 0; k < kernel.length; k++) {
            kernel[k] /= sum;
        }
        return kernel;
    }
}
