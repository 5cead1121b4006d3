package org.cam4j.evaluation.faithfulness;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The parts of ADCC (Poppi, Cornia, Baraldi, Cucchiara, "Revisiting the Evaluation of Class Activation Mapping for Explainability", CVPR
 * Workshops 2021): a map should keep the probability, stay the same on what it shows, and show little.
 *
 * @param drop how much of the probability is lost where the photo is dimmed by its map, in [0, 1]; small is good
 * @param coherency {@code (1 + ρ) / 2} with the correlation {@code ρ} of the map and the map of the dimmed photo, in [0, 1]; large is good
 * @param complexity the mean of the map, rectified and divided by its maximum, in [0, 1]; small is good
 */
public record AdccScores(double drop, double coherency, double complexity) {

    /**
     * Returns the harmonic mean of {@code 1 - drop}, coherency and {@code 1 - complexity}.
     *
     * @return in [0, 1]; large is good, 0 if one of the three is
     */
    public double adcc() {
        double[] parts = {1 - drop, coherency, 1 - complexity};
        double sum = 0;
        for (double part : parts) {
            if (part <= 0) {
                return 0;
            }
            sum += 1 / part;
        }
        return parts.length / sum;
    }

    /**
     * The mean of ADCC over photos.
     *
     * @param photos at least one
     * @return the mean of {@link #adcc()}, which is not the ADCC of the means
     */
    public static double mean(List<AdccScores> photos) {
        return mean(photos, AdccScores::adcc);
    }

    /**
     * The mean of one part over photos.
     *
     * @param photos at least one
     * @param part for example {@code AdccScores::coherency}
     * @return its mean
     */
    public static double mean(List<AdccScores> photos, ToDoubleFunction<AdccScores> part) {
        return photos.stream()
                .mapToDouble(part)
                .average()
                .orElseThrow(() -> new IllegalArgumentException("no photos to take the mean of"));
    }
}
