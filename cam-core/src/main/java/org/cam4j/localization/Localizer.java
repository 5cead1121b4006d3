package org.cam4j.localization;

import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.image.Geometry;

/**
 * Finds the object that an activation map speaks for.
 *
 * <p>The map is enlarged to the photo; pixels above a fraction of its maximum are kept, and the box encloses the largest
 * connected region of them. Immutable and safe for any number of threads.
 */
public final class Localizer {

    private final double fraction;

    private Localizer(double fraction) {
        this.fraction = fraction;
    }

    /**
     * The rule of Zhou et al., "Learning Deep Features for Discriminative Localization" (CVPR 2016), section 3.2: pixels above
     * 20 % of the maximum, box of the largest connected component.
     *
     * <p>The maximum is taken over the photo's pixels, after the map was enlarged. Regions are 8-connected (pixels that touch at
     * a corner belong together), as in OpenCV's {@code findContours}, with which such boxes are usually evaluated; the largest
     * is the one with the most pixels, and of equal ones the first in reading order.
     *
     * @return the localizer
     */
    public static Localizer paper() {
        return new Localizer(0.2);
    }

    /**
     * The box of the map's object.
     *
     * @param map a raw or rectified map; negative values are evidence against the class and never belong to the object
     * @return the box in the photo's own pixels; empty where no pixel of the photo speaks for the class (maximum not above 0)
     */
    public Optional<BoundingBox> box(ActivationMap map) {
        Geometry geometry = map.geometry();
        float[] values = map.upsampledArray();
        float max = 0;
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max > 0
                ? Optional.of(ConnectedComponents.above(fraction * max, values, geometry.photoWidth())
                        .largest())
                : Optional.empty();
    }
}
