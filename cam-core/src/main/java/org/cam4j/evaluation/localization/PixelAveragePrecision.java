package org.cam4j.evaluation.localization;

import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.PhotoMap;
import org.cam4j.localization.Mask;
import org.cam4j.localization.ValueRange;

/**
 * PxAP: the area under the precision-recall curve of a map's pixels against the object's mask, over all photos together (Choe et
 * al., CVPR 2020).
 *
 * <p>Each map is enlarged to its photo and stretched to [0, 1]; for each threshold τ of 0, 0.001, ..., 0.999 and 1 the pixels with
 * a value of τ or more are taken for the object. With precision P and recall R over the pixels of all photos, PxAP is {@code Σ_τ
 * P(τ) · (R(τ) - R(next higher τ))}. All values of a flat map are 0.
 *
 * <p>Collects photo by photo. Not thread-safe.
 */
public final class PixelAveragePrecision {

    private final long[] object = new long[Thresholds.COUNT + 1];
    private final long[] ground = new long[Thresholds.COUNT + 1];

    /**
     * Adds a photo all of whose pixels count.
     *
     * @param map the map of the labelled class
     * @param truth the object's pixels, of the photo's size
     */
    public void add(ActivationMap map, Mask truth) {
        add(map, truth, Mask.of(truth.width(), truth.height(), List.of()));
    }

    /**
     * Adds a photo.
     *
     * @param map the map of the labelled class
     * @param truth the object's pixels, of the photo's size
     * @param ignored pixels that count neither for nor against, such as other objects of the class; where they are the object's
     *     they count
     */
    public void add(ActivationMap map, Mask truth, Mask ignored) {
        int width = map.geometry().photoWidth();
        int height = map.geometry().photoHeight();
        if (truth.width() != width
                || truth.height() != height
                || ignored.width() != width
                || ignored.height() != height) {
            throw new IllegalArgumentException("the mask is of a photo of " + truth.width() + "x" + truth.height()
                    + ", the map of one of " + width + "x" + height);
        }
        PhotoMap enlarged = map.photoMap();
        float[] values = enlarged.values();
        boolean[] mask = truth.toArray();
        boolean[] skipped = ignored.toArray();
        ValueRange range = ValueRange.of(enlarged);
        for (int i = 0; i < values.length; i++) {
            int step = Thresholds.reached(range.fraction(values[i]));
            if (mask[i]) {
                object[step]++;
            } else if (!skipped[i]) {
                ground[step]++;
            }
        }
    }

    /**
     * The average precision of the photos so far.
     *
     * @return in [0, 1]
     * @throws IllegalStateException if no pixel belongs to an object
     */
    public double result() {
        long positives = 0;
        for (long count : object) {
            positives += count;
        }
        if (positives == 0) {
            throw new IllegalStateException("no pixel of the masks belongs to an object");
        }
        double area = 0;
        long right = 0;
        long wrong = 0;
        for (int step = Thresholds.COUNT; step >= 0; step--) {
            right += object[step];
            wrong += ground[step];
            if (object[step] > 0) {
                area += (double) right / (right + wrong) * object[step] / positives;
            }
        }
        return area;
    }
}
