package org.cam4j.evaluation.localization;

import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.PhotoMap;
import org.cam4j.localization.BoundingBox;

/**
 * The pointing game: whether the hottest pixel lies on the object (Zhang et al., "Top-down Neural Attention by Excitation
 * Backprop", ECCV 2016). It asks for the place alone, not for the extent.
 */
public final class PointingGame {

    private PointingGame() {}

    /**
     * Plays the game without tolerance.
     *
     * @param map the map of the labelled class
     * @param truth the labelled boxes in the photo's own pixels
     * @return whether the hottest pixel of the enlarged map is in a box
     */
    public static boolean hit(ActivationMap map, List<BoundingBox> truth) {
        return hit(map, truth, 0);
    }

    /**
     * Plays the game.
     *
     * @param map the map of the labelled class
     * @param truth the labelled boxes in the photo's own pixels
     * @param tolerance how many pixels beside a box still count, in both directions; the paper allows 15
     * @return whether the hottest pixel of the enlarged map, the first in reading order of equal ones, is in a box
     */
    public static boolean hit(ActivationMap map, List<BoundingBox> truth, int tolerance) {
        PhotoMap enlarged = map.photoMap();
        float[] values = enlarged.values();
        int hottest = 0;
        for (int i = 1; i < values.length; i++) {
            hottest = values[i] > values[hottest] ? i : hottest;
        }
        int width = enlarged.width();
        return hit(hottest % width, Math.floorDiv(hottest, width), truth, tolerance);
    }

    static boolean hit(int x, int y, List<BoundingBox> truth, int tolerance) {
        return truth.stream()
                .map(box -> new BoundingBox(
                        box.x0() - tolerance, box.y0() - tolerance, box.x1() + tolerance, box.y1() + tolerance))
                .anyMatch(box -> box.contains(x, y));
    }
}
