package org.cam4j.evaluation.localization;

import java.util.List;
import java.util.Objects;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.localization.BoundingBox;

/**
 * The map and the rank of the labelled class of a photo.
 *
 * @param map the map of the labelled class
 * @param rank the labelled class's place among the predictions: 0 for the best
 * @param truth the labelled boxes in the photo's own pixels, at least one
 */
public record Observation(ActivationMap map, int rank, List<BoundingBox> truth) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the rank is negative or there is no box
     */
    public Observation {
        Objects.requireNonNull(map, "map");
        truth = List.copyOf(truth);
        if (rank < 0 || truth.isEmpty()) {
            throw new IllegalArgumentException(
                    "a rank of " + rank + " and " + truth.size() + " boxes: expected a rank of 0 or more and a box");
        }
    }

    /**
     * Takes the map and the rank of a class from an explanation.
     *
     * @param explanation the photo's
     * @param classIndex the labelled class
     * @param truth the labelled boxes
     * @return the map of the class and its rank
     */
    public static Observation of(Explanation explanation, int classIndex, List<BoundingBox> truth) {
        return of(explanation, explanation.map(classIndex), truth);
    }

    /**
     * Takes the rank from an explanation, with a map that was computed in another way.
     *
     * @param explanation the photo's
     * @param map of the labelled class
     * @param truth the labelled boxes
     * @return the map and its class's rank
     */
    public static Observation of(Explanation explanation, ActivationMap map, List<BoundingBox> truth) {
        int classIndex = map.prediction().index();
        List<Prediction> ranking = explanation.predictions(explanation.classes());
        int rank = 0;
        while (ranking.get(rank).index() != classIndex) {
            rank++;
        }
        return new Observation(map, rank, truth);
    }
}
