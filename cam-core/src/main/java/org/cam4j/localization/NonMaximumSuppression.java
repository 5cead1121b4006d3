package org.cam4j.localization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keeps the most probable of objects that overlap. */
final class NonMaximumSuppression {

    private NonMaximumSuppression() {}

    /**
     * Drops objects that overlap a more probable one.
     *
     * @param objects of any classes
     * @param most the largest share of the smaller box that two kept objects have in common
     * @return the most probable first
     */
    static List<DetectedObject> of(List<DetectedObject> objects, double most) {
        List<DetectedObject> ranked = objects.stream()
                .sorted(Comparator.comparingDouble(DetectedObject::probability).reversed())
                .toList();
        List<DetectedObject> kept = new ArrayList<>();
        for (DetectedObject object : ranked) {
            if (kept.stream().noneMatch(other -> overlap(object.box(), other.box()) > most)) {
                kept.add(object);
            }
        }
        return List.copyOf(kept);
    }

    private static double overlap(BoundingBox one, BoundingBox other) {
        return (double) one.intersectionArea(other) / Math.min(one.area(), other.area());
    }
}
