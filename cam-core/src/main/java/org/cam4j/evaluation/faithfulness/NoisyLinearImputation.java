package org.cam4j.evaluation.faithfulness;

import java.util.Arrays;
import java.util.Random;

/**
 * Fills missing pixels from their neighbours, so that what was removed leaves no outline by which the network could recognise it
 * (Rong, Leemann, Borisov, Kasneci, Kasneci, "A Consistent and Efficient Evaluation Strategy for Attribution Methods", ICML
 * 2022).
 *
 * <p>Each missing pixel is the weighted mean of its up to eight neighbours, 1/6 for those at a side and 1/12 for those at a
 * corner, whether these are known or missing themselves; the weights of neighbours beyond the edge are left out. That is a
 * sparse, symmetric and positive definite system, solved here by conjugate gradients. Gaussian noise is added to what was filled.
 */
final class NoisyLinearImputation {

    private static final int[] DOWN = {-1, 0, 0, 1, -1, -1, 1, 1};
    private static final int[] ACROSS = {0, -1, 1, 0, -1, 1, -1, 1};
    private static final double SIDE = 1.0 / 6;
    private static final double CORNER = 1.0 / 12;
    private static final double TOLERANCE = 1e-9;

    private static final int NEIGHBOURS = 8;

    /** The pixels that are missing, and the place of each pixel among them; -1 for known ones. */
    private final int[] missing;

    private final int[] unknown;
    /** The neighbours of each missing pixel; -1 beyond the edge. */
    private final int[] neighbours;

    /**
     * The system of a set of missing pixels.
     *
     * @param missing indices into [height, width], row-major, fewer than all
     */
    NoisyLinearImputation(int width, int height, int[] missing) {
        this.missing = missing;
        this.unknown = new int[width * height];
        Arrays.fill(unknown, -1);
        for (int i = 0; i < missing.length; i++) {
            unknown[missing[i]] = i;
        }
        if (missing.length >= unknown.length) {
            throw new IllegalArgumentException(
                    "all " + unknown.length + " pixels are missing: nothing is left to fill from");
        }
        this.neighbours = new int[missing.length * NEIGHBOURS];
        for (int i = 0; i < neighbours.length; i++) {
            int row = Math.floorDiv(missing[i / NEIGHBOURS], width) + DOWN[i % NEIGHBOURS];
            int column = missing[i / NEIGHBOURS] % width + ACROSS[i % NEIGHBOURS];
            boolean inside = row >= 0 && row < height && column >= 0 && column < width;
            neighbours[i] = inside ? row * width + column : -1;
        }
    }

    /**
     * Fills one channel in place, without noise.
     *
     * @param values [height, width]; what missing pixels hold is where the search begins
     */
    void fill(double[] values) {
        double[] solution = solve(values);
        for (int i = 0; i < missing.length; i++) {
            values[missing[i]] = solution[i];
        }
    }

    /**
     * A copy of a picture with the missing pixels filled in.
     *
     * @param pixels {@code 0xRRGGBB}
     * @param noise standard deviation, grey levels
     * @param random where the noise comes from
     */
    int[] filled(int[] pixels, double noise, Random random) {
        int[] filled = pixels.clone();
        for (int shift = 16; shift >= 0; shift -= 8) {
            double[] channel = Pixels.channel(pixels, shift);
            fill(channel);
            for (int at : missing) {
                channel[at] += noise * random.nextGaussian();
            }
            Pixels.setChannel(filled, shift, channel);
        }
        return filled;
    }

    /** Conjugate gradients, preconditioned by the diagonal (Hestenes and Stiefel, 1952). */
    private double[] solve(double[] values) {
        int n = missing.length;
        double[] solution = new double[n];
        for (int i = 0; i < n; i++) {
            solution[i] = values[missing[i]];
        }
        double[] diagonal = new double[n];
        double[] residual = rightSide(values, diagonal);
        double scale = norm(residual);
        double[] product = new double[n];
        multiply(solution, diagonal, product);
        double[] direction = new double[n];
        double energy = 0;
        for (int i = 0; i < n; i++) {
            residual[i] -= product[i];
            direction[i] = residual[i] / diagonal[i];
            energy += residual[i] * direction[i];
        }
        for (int step = 0; step < 10 * n + 10 && norm(residual) > TOLERANCE * scale; step++) {
            multiply(direction, diagonal, product);
            double length = energy / dot(direction, product);
            double next = 0;
            for (int i = 0; i < n; i++) {
                solution[i] += length * direction[i];
                residual[i] -= length * product[i];
                next += residual[i] * residual[i] / diagonal[i];
            }
            for (int i = 0; i < n; i++) {
                direction[i] = residual[i] / diagonal[i] + next / energy * direction[i];
            }
            energy = next;
        }
        return solution;
    }

    /** The sum that the known neighbours give each missing pixel; fills the diagonal with the weights of all neighbours. */
    private double[] rightSide(double[] values, double[] diagonal) {
        double[] right = new double[missing.length];
        for (int i = 0; i < missing.length; i++) {
            for (int n = 0; n < NEIGHBOURS; n++) {
                int at = neighbours[i * NEIGHBOURS + n];
                if (at >= 0) {
                    diagonal[i] += weight(n);
                    right[i] += unknown[at] < 0 ? weight(n) * values[at] : 0;
                }
            }
        }
        return right;
    }

    private void multiply(double[] vector, double[] diagonal, double[] product) {
        for (int i = 0; i < missing.length; i++) {
            double sum = diagonal[i] * vector[i];
            for (int n = 0; n < NEIGHBOURS; n++) {
                int at = neighbours[i * NEIGHBOURS + n];
                if (at >= 0 && unknown[at] >= 0) {
                    sum -= weight(n) * vector[unknown[at]];
                }
            }
            product[i] = sum;
        }
    }

    private static double weight(int n) {
        return n < 4 ? SIDE : CORNER;
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }
}
