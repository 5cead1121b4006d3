package org.cam4j.evaluation.localization;

import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;

/** Answers that need no network: photographers put their objects in the middle and fill the frame. */
final class Baselines {

    private static final Prediction NONE = new Prediction(0, "centre", 0, 1);
    private static final int CELLS = 101;
    private static final double SPREAD = 0.25;

    private Baselines() {}

    /**
     * A box in the middle of the photo that covers half of it.
     *
     * @param width the photo's columns
     * @param height the photo's rows
     * @return sides are {@code √½} of the photo's, rounded to the nearest pixel
     */
    static BoundingBox centreBox(int width, int height) {
        int across = Math.max(1, (int) Math.round(width * Math.sqrt(0.5)));
        int down = Math.max(1, (int) Math.round(height * Math.sqrt(0.5)));
        return BoundingBox.ofSize(Math.floorDiv(width - across, 2), Math.floorDiv(height - down, 2), across, down);
    }

    /**
     * The box of the whole photo.
     *
     * @param width the photo's columns
     * @param height the photo's rows
     * @return the largest box
     */
    static BoundingBox wholePhoto(int width, int height) {
        return new BoundingBox(0, 0, width, height);
    }

    /**
     * A bell in the middle of the photo, for the measures that try every threshold: boxes of the photo's proportions and of all
     * sizes, Choe et al.'s centre baseline.
     *
     * @param width the photo's columns
     * @param height the photo's rows
     * @return a map of {@value #CELLS}x{@value #CELLS} cells, a Gaussian with a standard deviation of a quarter of the photo's sides
     */
    static ActivationMap centreMap(int width, int height) {
        float[] values = new float[CELLS * CELLS];
        for (int y = 0; y < CELLS; y++) {
            for (int x = 0; x < CELLS; x++) {
                double across = ((x + 0.5) / CELLS - 0.5) / SPREAD;
                double down = ((y + 0.5) / CELLS - 0.5) / SPREAD;
                values[y * CELLS + x] = (float) Math.exp(-(across * across + down * down) / 2);
            }
        }
        return new ActivationMap(NONE, CELLS, CELLS, values, Geometry.squash(width, height, CELLS, CELLS));
    }
}
