package org.cam4j.localization;

import java.util.List;
import org.cam4j.InterpolatedMap;

/** Finds the threshold whose boxes agree best with labelled ones, by trying every hundredth. */
final class ThresholdFit {

    private static final int STEPS = 100;

    private ThresholdFit() {}

    static Localizer best(List<LabelledMap> labelled) {
        if (labelled.isEmpty()) {
            throw new IllegalArgumentException("no labelled maps to fit a threshold to: give at least one");
        }
        double[] sums = new double[STEPS];
        labelled.forEach(one -> add(one, sums));
        int best = 1;
        for (int step = 2; step < STEPS; step++) {
            best = sums[step] > sums[best] ? step : best;
        }
        return Localizer.relative((double) best / STEPS);
    }

    private static void add(LabelledMap labelled, double[] sums) {
        InterpolatedMap map = labelled.map().interpolated();
        float max = map.max();
        for (int step = 1; step < STEPS && max > 0; step++) {
            ConnectedComponents regions =
                    ConnectedComponents.above((double) step / STEPS * max, map, Connectivity.EIGHT);
            sums[step] +=
                    labelled.intersectionOverUnion(regions.boxes().stream().findFirst());
        }
    }
}
