package org.cam4j.localization;

import java.util.Locale;
import java.util.Objects;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;

/**
 * One object in a photo.
 *
 * @param prediction its class, with the scores that the network gave to the crop
 * @param probability how likely it is that this is an object of the class, in [0, 1]; see {@link ObjectFinder}
 * @param box where it is, in the photo's own pixels
 * @param map the evidence in the crop, laid where the crop lies in the photo; 0 around it when enlarged
 * @param crop the part of the photo that the network looked at
 */
public record DetectedObject(
        Prediction prediction, double probability, BoundingBox box, ActivationMap map, BoundingBox crop) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the probability is not in [0, 1]
     */
    public DetectedObject {
        Objects.requireNonNull(prediction, "prediction");
        Objects.requireNonNull(box, "box");
        Objects.requireNonNull(map, "map");
        Objects.requireNonNull(crop, "crop");
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability of " + probability + ": expected 0 to 1");
        }
    }

    /**
     * The label of the object's class.
     *
     * @return the class's name
     */
    public String label() {
        return prediction.label();
    }

    /** For a log line: {@code giant panda 0.970 at [134, 531) x [34, 373)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.3f at %s", label(), probability, box);
    }
}
