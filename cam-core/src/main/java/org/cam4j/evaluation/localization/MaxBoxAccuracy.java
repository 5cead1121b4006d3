package org.cam4j.evaluation.localization;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of {@link BoxAccuracy}.
 *
 * @param maxBoxAcc MaxBoxAcc in [0, 1]: the share of photos whose largest region's box has an intersection over union of 0.5 or
 *     more, at the threshold that is best for the whole set
 * @param threshold that threshold, in [0, 1) of the normalised maps; the lowest of equal ones
 * @param maxBoxAccV2 MaxBoxAccV2 in [0, 1]: the mean of {@code atOverlap}
 * @param atOverlap the parts of MaxBoxAccV2: for the intersections over union 0.3, 0.5 and 0.7 the share of photos where any
 *     region's box agrees, each at the threshold that is best for the whole set
 */
public record MaxBoxAccuracy(double maxBoxAcc, double threshold, double maxBoxAccV2, Map<Double, Double> atOverlap) {

    public MaxBoxAccuracy {
        atOverlap = Collections.unmodifiableMap(new TreeMap<>(atOverlap));
    }
}
