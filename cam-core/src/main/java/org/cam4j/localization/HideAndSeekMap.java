package org.cam4j.localization;

import java.util.Objects;
import org.cam4j.ActivationMap;

/**
 * The result of {@link HideAndSeek} for a class.
 *
 * @param average the mean of the passes' raw maps; its prediction is that of the whole photo, whose logit it does not add up to
 * @param stability how well the passes agree on each cell, {@code |mean| / (|mean| + standard deviation)} in [0, 1]: 1 where all
 *     passes give the same value, near 0 where the sign changes from pass to pass; {@code photoMap()} gives it a pixel
 * @param passes how many looks were averaged
 */
public record HideAndSeekMap(ActivationMap average, ActivationMap stability, int passes) {

    public HideAndSeekMap {
        Objects.requireNonNull(average, "average");
        Objects.requireNonNull(stability, "stability");
    }
}
