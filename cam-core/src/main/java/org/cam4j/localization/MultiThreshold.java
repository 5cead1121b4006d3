package org.cam4j.localization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cam4j.ActivationMap;

/**
 * Boxes of several thresholds at once: the idea of the box generator that Zhou et al. released with their paper
 * (github.com/zhoubolei/CAM, {@code bboxgenerator/dt_box}), which gave their ILSVRC submissions more than one box a class.
 *
 * <p>The map is stretched to [0, 1] over the photo's pixels and cut at 20, 100 and 110 of 255, the released thresholds; every
 * region (8-connected) of every cut gives a box. Boxes are ranked by area, and one that shares more than half of a larger one's
 * area with it is dropped. What the original does besides is left out: it rounds the map to 8 bits, thins the regions by a
 * distance transform and keeps 5 pixels of distance from the right and lower edge.
 */
public final class MultiThreshold {

    private static final double[] LEVELS = {20 / 255.0, 100 / 255.0, 110 / 255.0};

    MultiThreshold() {}

    /**
     * The boxes of a map.
     *
     * @param map a raw or rectified map
     * @return in the photo's own pixels, the largest first; none for a flat map
     */
    public List<BoundingBox> boxes(ActivationMap map) {
        List<BoundingBox> candidates = new ArrayList<>();
        for (double level : LEVELS) {
            candidates.addAll(Localizer.minMax(level).boxes(map));
        }
        candidates.sort(Comparator.comparingLong(BoundingBox::area).reversed());
        List<BoundingBox> kept = new ArrayList<>();
        for (BoundingBox candidate : candidates) {
            if (kept.stream().noneMatch(larger -> 2 * larger.intersectionArea(candidate) > larger.area())) {
                kept.add(candidate);
            }
        }
        return List.copyOf(kept);
    }
}
