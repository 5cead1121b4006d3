package org.cam4j.evaluation.localization;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cam4j.ActivationMap;
import org.cam4j.InterpolatedMap;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.ConnectedComponents;
import org.cam4j.localization.Connectivity;
import org.cam4j.localization.ValueRange;

/**
 * MaxBoxAcc and MaxBoxAccV2: how good boxes are at the threshold that is best for the whole set, so that methods are not compared
 * by how well a threshold was chosen (Choe et al., "Evaluating Weakly Supervised Object Localization Methods Right", CVPR 2020, and
 * "Evaluation for Weakly Supervised Object Localization: Protocol, Metrics, and Datasets", 2020).
 *
 * <p>Each map is enlarged to its photo and stretched to [0, 1]; for each threshold τ of 0, 0.001, ..., 0.999 the pixels above τ
 * are cut into 8-connected regions. MaxBoxAcc takes the box of the region with the most pixels, MaxBoxAccV2 the boxes of all
 * regions; a photo counts if such a box has an intersection over union of at least δ with any labelled box, where δ is 0.5 for the
 * former and 0.3, 0.5 and 0.7 for the latter. The best τ is chosen once for the whole set and each δ.
 *
 * <p>The reference implementation (github.com/clovaai/wsolevaluation) works on maps and boxes resized to 224x224, rounds the map to
 * 8 bits, measures a region by the area of its outline, counts outlines of holes too and takes a box one pixel larger; here
 * everything is in the photo's own pixels and unrounded. Maps without a difference between their values have no box.
 *
 * <p>Collects photo by photo. Not thread-safe.
 */
public final class BoxAccuracy {

    private static final double[] OVERLAPS = {0.3, 0.5, 0.7};
    private static final double OVERLAP = 0.5;

    private final int[] largestRight = new int[Thresholds.COUNT];
    private final int[][] anyRight = new int[OVERLAPS.length][Thresholds.COUNT];
    private int photos;

    /**
     * Adds a photo.
     *
     * @param map the map of the labelled class
     * @param truth the labelled boxes in the photo's own pixels, at least one
     */
    public void add(ActivationMap map, List<BoundingBox> truth) {
        photos++;
        InterpolatedMap enlarged = map.interpolated();
        ValueRange range = ValueRange.of(enlarged);
        for (int step = 0; step < Thresholds.COUNT && !range.isFlat(); step++) {
            double level = range.level(Thresholds.of(step));
            addBoxes(
                    step,
                    ConnectedComponents.above(level, enlarged, Connectivity.EIGHT)
                            .boxes(),
                    truth);
        }
    }

    private void addBoxes(int step, List<BoundingBox> boxes, List<BoundingBox> truth) {
        double any = boxes.stream().mapToDouble(box -> best(box, truth)).max().orElse(0);
        for (int i = 0; i < OVERLAPS.length; i++) {
            anyRight[i][step] += any >= OVERLAPS[i] ? 1 : 0;
        }
        if (!boxes.isEmpty() && best(boxes.get(0), truth) >= OVERLAP) {
            largestRight[step]++;
        }
    }

    private static double best(BoundingBox box, List<BoundingBox> truth) {
        double best = 0;
        for (BoundingBox labelled : truth) {
            best = Math.max(best, box.intersectionOverUnion(labelled));
        }
        return best;
    }

    /**
     * The accuracies of the photos so far.
     *
     * @return MaxBoxAcc and MaxBoxAccV2
     * @throws IllegalStateException if no photo was added
     */
    public MaxBoxAccuracy result() {
        if (photos == 0) {
            throw new IllegalStateException("no photo was added: add at least one");
        }
        int best = argmax(largestRight);
        Map<Double, Double> atOverlap = new TreeMap<>();
        double sum = 0;
        for (int i = 0; i < OVERLAPS.length; i++) {
            double accuracy = (double) anyRight[i][argmax(anyRight[i])] / photos;
            atOverlap.put(OVERLAPS[i], accuracy);
            sum += accuracy;
        }
        return new MaxBoxAccuracy(
                (double) largestRight[best] / photos, Thresholds.of(best), sum / OVERLAPS.length, atOverlap);
    }

    private static int argmax(int[] counts) {
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return best;
    }
}
