package org.cam4j.localization;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.cam4j.ActivationMap;

/**
 * A map and what a person drew in its photo.
 *
 * @param map the map of the class that was labelled
 * @param boxes the objects of that class in the photo's own pixels, at least one
 */
public record LabelledMap(ActivationMap map, List<BoundingBox> boxes) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no box
     */
    public LabelledMap {
        Objects.requireNonNull(map, "map");
        boxes = List.copyOf(boxes);
        if (boxes.isEmpty()) {
            throw new IllegalArgumentException(
                    "the map of '" + map.prediction().label() + "' has no labelled box: leave out photos without one");
        }
    }

    /**
     * The largest intersection over union of a box with a labelled one.
     *
     * @param found a box, or none
     * @return intersection over union in [0, 1]; 0 for no box
     */
    public double intersectionOverUnion(Optional<BoundingBox> found) {
        return found.map(box -> boxes.stream()
                        .mapToDouble(box::intersectionOverUnion)
                        .max()
                        .orElse(0))
                .orElse(0.0);
    }
}
