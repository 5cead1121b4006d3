package org.cam4j.localization;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.cam4j.ActivationMap;
import org.cam4j.InterpolatedMap;

/**
 * Finds the object that an activation map speaks for.
 *
 * <p>The map is enlarged to the photo; pixels above a threshold are kept, and the box encloses the largest connected region of
 * them. Boxes are exact to the pixel, but the enlarged map itself is made for {@link #splitting} only: where it crosses the threshold is
 * found from its cells, so that boxes of a photo of 12 megapixels take a millisecond or two.
 *
 * <pre>{@code
 * Optional<BoundingBox> box = Localizer.paper().box(map);
 * List<BoundingBox> animals = Localizer.relative(0.35).splitting(0.1).minimumArea(0.01).boxes(map);
 * }</pre>
 *
 * <p>Immutable and safe for any number of threads: each method gives a new localizer.
 */
public final class Localizer {

    /** The quantity of which the threshold is a fraction. */
    private enum Scale {
        MAXIMUM,
        RANGE
    }

    private final Scale scale;
    private final double fraction;
    private final Connectivity connectivity;
    private final double minimumArea;
    private final OptionalDouble prominence;

    private Localizer(
            Scale scale, double fraction, Connectivity connectivity, double minimumArea, OptionalDouble prominence) {
        this.scale = scale;
        this.fraction = in01("the threshold", fraction);
        this.connectivity = connectivity;
        this.minimumArea = in01("the minimum area", minimumArea);
        this.prominence = prominence;
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
        return relative(0.2);
    }

    /**
     * The paper's rule with another threshold: pixels with {@code value > fraction · max}. Evidence against the class never
     * belongs to an object, and a map without a positive value has none.
     *
     * @param fraction in [0, 1)
     * @return the localizer
     */
    public static Localizer relative(double fraction) {
        return new Localizer(Scale.MAXIMUM, fraction, Connectivity.EIGHT, 0, OptionalDouble.empty());
    }

    /**
     * A threshold between the smallest and the largest value over the photo's pixels: {@code value > min + fraction · (max -
     * min)}, as where maps are normalised to [0, 1] first. A flat map has no object; pixels that were cropped away count as 0.
     *
     * @param fraction in [0, 1)
     * @return the localizer
     */
    public static Localizer minMax(double fraction) {
        return new Localizer(Scale.RANGE, fraction, Connectivity.EIGHT, 0, OptionalDouble.empty());
    }

    /**
     * The paper's rule with the threshold that suits labelled photos best: of 0.01, 0.02, ..., 0.99 the one whose boxes have the
     * highest mean intersection over union with the labelled ones; of equal ones the lowest.
     *
     * <p>Do not evaluate boxes on the photos used for fitting.
     *
     * @param labelled maps of the network that the localizer is for, at least one
     * @return the localizer; {@link #fraction()} says what was found
     */
    public static Localizer fitted(List<LabelledMap> labelled) {
        return ThresholdFit.best(labelled);
    }

    /**
     * The boxes of several thresholds at once, as the paper's authors released them.
     *
     * @return the box generator
     */
    public static MultiThreshold multiThreshold() {
        return new MultiThreshold();
    }

    /**
     * Sets the neighbourhood by which pixels form a region. Defaults to {@link Connectivity#EIGHT}.
     *
     * @param which four or eight neighbours
     * @return a new localizer
     */
    public Localizer connectivity(Connectivity which) {
        return new Localizer(scale, fraction, Objects.requireNonNull(which, "which"), minimumArea, prominence);
    }

    /**
     * Leaves out small regions. Defaults to keeping all.
     *
     * @param share of the photo's pixels that a region must have, in [0, 1)
     * @return a new localizer
     */
    public Localizer minimumArea(double share) {
        return new Localizer(scale, fraction, connectivity, share, prominence);
    }

    /**
     * Sets one region a peak, so that two animals of one class that touch get two boxes: a region is cut (watershed) along the
     * pass between peaks where the lower one rises above the pass by at least a share of the map's maximum (or range).
     *
     * @param share how distinct peaks must be, in [0, 1); 0.1 suits maps of 7x7 cells
     * @return a new localizer
     */
    public Localizer splitting(double share) {
        return new Localizer(
                scale, fraction, connectivity, minimumArea, OptionalDouble.of(in01("the prominence", share)));
    }

    /**
     * The threshold.
     *
     * @return the fraction of the maximum, or of the range
     */
    public double fraction() {
        return fraction;
    }

    /**
     * The box of the map's object: of the region with the most pixels.
     *
     * @param map a raw or rectified map
     * @return the box in the photo's own pixels; empty where no region is above the threshold and large enough
     */
    public Optional<BoundingBox> box(ActivationMap map) {
        return boxes(map).stream().findFirst();
    }

    /**
     * The boxes of all regions.
     *
     * @param map a raw or rectified map
     * @return in the photo's own pixels, that of the region with the most pixels first; equal ones in reading order of their
     *     first pixels, or of their peaks' height where regions are split
     */
    public List<BoundingBox> boxes(ActivationMap map) {
        InterpolatedMap interpolated = map.interpolated();
        ValueRange range = range(interpolated);
        if (range.isFlat()) {
            return List.of();
        }
        double level = range.level(fraction);
        List<Region> regions = prominence.isPresent()
                ? Watershed.regions(
                        level,
                        prominence.getAsDouble() * range.span(),
                        map.photoMap().values(),
                        interpolated.width(),
                        connectivity)
                : ConnectedComponents.above(level, interpolated, connectivity).regions();
        double least = minimumArea * ((double) interpolated.width() * interpolated.height());
        return regions.stream()
                .filter(region -> region.area() >= least)
                .map(Region::box)
                .toList();
    }

    /**
     * The pixels of the map's object: of the largest region, not split.
     *
     * @param map a raw or rectified map
     * @return a mask of the photo's size; empty where no pixel is above the threshold
     */
    public Mask region(ActivationMap map) {
        InterpolatedMap interpolated = map.interpolated();
        ValueRange range = range(interpolated);
        double level = range.isFlat() ? Double.POSITIVE_INFINITY : range.level(fraction);
        return ConnectedComponents.above(level, interpolated, connectivity).largestMask();
    }

    private static double in01(String what, double fraction) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    what + " of " + fraction + " is out of range: give 0 or more, less than 1");
        }
        return fraction;
    }

    /** The range of which the threshold is a fraction: from 0 or from the smallest value, to the largest. */
    private ValueRange range(InterpolatedMap map) {
        ValueRange range = ValueRange.of(map);
        return scale == Scale.MAXIMUM ? new ValueRange(0, Math.max(0, range.max())) : range;
    }
}
