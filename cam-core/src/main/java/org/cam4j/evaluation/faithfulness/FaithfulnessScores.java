package org.cam4j.evaluation.faithfulness;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The measures of how much the network uses what a map shows, from the class's probability on changed photos.
 *
 * @param deletion area under the deletion curve, in [0, 1]; small is good
 * @param insertion area under the insertion curve, in [0, 1]; large is good
 * @param drop how much of the probability is lost where the photo is dimmed by its map, {@code max(0, p - p_map) / p}, in [0, 1];
 *     averaged over photos, Grad-CAM++'s average drop; small is good
 * @param increase 1 where the probability grows, 0 elsewhere; averaged over photos, Grad-CAM++'s increase in confidence; large is
 *     good
 * @param road ROAD, half the mean difference between removing the least and the most relevant pixels, in [-0.5, 0.5]; large is
 *     good, 0 is what a random map gets
 * @param randomHead magnitude of the rank correlation with the map of a random head, in [0, 1]; small is good
 */
public record FaithfulnessScores(
        double deletion, double insertion, double drop, double increase, double road, double randomHead) {

    /**
     * The means over photos.
     *
     * @param photos at least one
     * @return the mean of each score
     */
    public static FaithfulnessScores mean(List<FaithfulnessScores> photos) {
        return new FaithfulnessScores(
                mean(photos, FaithfulnessScores::deletion),
                mean(photos, FaithfulnessScores::insertion),
                mean(photos, FaithfulnessScores::drop),
                mean(photos, FaithfulnessScores::increase),
                mean(photos, FaithfulnessScores::road),
                mean(photos, FaithfulnessScores::randomHead));
    }

    private static double mean(List<FaithfulnessScores> photos, ToDoubleFunction<FaithfulnessScores> score) {
        return photos.stream()
                .mapToDouble(score)
                .average()
                .orElseThrow(() -> new IllegalArgumentException("no photos to take the mean of"));
    }
}
