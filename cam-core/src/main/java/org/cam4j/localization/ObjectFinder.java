package org.cam4j.localization;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.PhotoMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;

/**
 * Finds several objects in one photo with a network that was trained to name one.
 *
 * <ol>
 *   <li>The maps of the best classes by score propose regions: pixels above 40 % of the map's maximum, split between distinct
 *       peaks. Regions that nearly coincide are one proposal.
 *   <li>Each proposal is cut out with a margin, and all crops go through the network again as one batch. What the network says
 *       of a crop is its class, whichever class proposed the crop; the box of the largest region of the crop's map is the object's box.
 *   <li>The probability is the geometric mean of the crop's probability {@code p} and of the share {@code s} of the class's
 *       evidence in the whole photo (the sum of its positive map values) that lies in the box: {@code √(p · s)}. So a part does
 *       not beat the whole, and a class that the whole photo speaks for elsewhere does not win here.
 *   <li>From the most probable down, an object is dropped if its box overlaps a kept one, whatever their classes (non-maximum
 *       suppression): the intersection is more than a share of the smaller box.
 * </ol>
 *
 * <pre>{@code
 * List<DetectedObject> animals = ObjectFinder.of(mapper).find(mapper.explain(Path.of("zoo.jpg")));
 * }</pre>
 *
 * <p>Immutable and safe for any number of threads: each method gives a new finder.
 */
public final class ObjectFinder {

    private static final Localizer PROPOSALS =
            Localizer.relative(0.4).splitting(0.1).minimumArea(0.005);
    private static final double SAME_PROPOSAL = 0.7;

    private final ClassActivationMapper mapper;
    private final int classes;
    private final int crops;
    private final double margin;
    private final double minimumProbability;
    private final double overlap;
    private final Localizer localizer;

    private ObjectFinder(
            ClassActivationMapper mapper,
            int classes,
            int crops,
            double margin,
            double minimumProbability,
            double overlap,
            Localizer localizer) {
        this.mapper = mapper;
        this.classes = classes;
        this.crops = crops;
        this.margin = margin;
        this.minimumProbability = minimumProbability;
        this.overlap = overlap;
        this.localizer = localizer;
    }

    /**
     * A finder that looks at the regions of the 10 best classes, at most 16 crops with a margin of 15 %, draws boxes at 40 % of the
     * maximum, and keeps objects of a
     * probability of 0.3 or more that overlap by less than half of the smaller.
     *
     * @param mapper explains the crops; stays the caller's to close
     * @return the finder
     */
    public static ObjectFinder of(ClassActivationMapper mapper) {
        return new ObjectFinder(
                Objects.requireNonNull(mapper, "mapper"), 10, 16, 0.15, 0.3, 0.5, Localizer.relative(0.4));
    }

    /**
     * Sets how many classes propose regions.
     *
     * @param best how many of the best classes, at least 1
     * @return a new finder
     */
    public ObjectFinder classes(int best) {
        return new ObjectFinder(
                mapper, atLeastOne("classes", best), crops, margin, minimumProbability, overlap, localizer);
    }

    /**
     * Sets how many crops go through the network.
     *
     * @param most how many at most, at least 1; the proposals of the better classes go first
     * @return a new finder
     */
    public ObjectFinder crops(int most) {
        return new ObjectFinder(
                mapper, classes, atLeastOne("crops", most), margin, minimumProbability, overlap, localizer);
    }

    /**
     * Sets the margin of crops.
     *
     * @param share of the region's width and height added on each side, 0 or more
     * @return a new finder
     */
    public ObjectFinder margin(double share) {
        if (!(share >= 0)) {
            throw new IllegalArgumentException("a margin of " + share + ": give 0 or more");
        }
        return new ObjectFinder(mapper, classes, crops, share, minimumProbability, overlap, localizer);
    }

    /**
     * Sets the least probability of an object.
     *
     * @param least the lowest probability that is kept, in [0, 1]
     * @return a new finder
     */
    public ObjectFinder minimumProbability(double least) {
        return new ObjectFinder(mapper, classes, crops, margin, in01("a probability", least), overlap, localizer);
    }

    /**
     * Sets the largest overlap of two objects.
     *
     * @param most the largest share of the smaller box that two objects may have in common, in [0, 1]
     * @return a new finder
     */
    public ObjectFinder overlap(double most) {
        return new ObjectFinder(
                mapper, classes, crops, margin, minimumProbability, in01("an overlap", most), localizer);
    }

    /**
     * Sets the rule that draws boxes.
     *
     * @param rule finds the object in a crop's map
     * @return a new finder
     */
    public ObjectFinder localizer(Localizer rule) {
        return new ObjectFinder(
                mapper, classes, crops, margin, minimumProbability, overlap, Objects.requireNonNull(rule, "rule"));
    }

    /**
     * Finds the objects of a photo.
     *
     * @param explanation the photo, as the finder's mapper explained it
     * @return the most probable first; none where the network is sure of no crop
     */
    public List<DetectedObject> find(Explanation explanation) {
        BufferedImage photo = explanation.photo();
        List<BoundingBox> looks = proposals(explanation);
        List<Explanation> seen = mapper.explain(looks.stream()
                .map(crop -> photo.getSubimage(crop.x0(), crop.y0(), crop.width(), crop.height()))
                .toList());
        List<DetectedObject> found = new ArrayList<>();
        // Crops of one class in turn share the class's enlarged map.
        Map<Integer, ActivationMap> maps = new HashMap<>();
        IntFunction<ActivationMap> whole = index -> maps.computeIfAbsent(index, explanation::map);
        for (int i = 0; i < looks.size(); i++) {
            look(explanation.geometry(), whole, looks.get(i), seen.get(i)).ifPresent(found::add);
        }
        return NonMaximumSuppression.of(found, overlap);
    }

    /** Crops in the photo, the best classes' first, none much like another. */
    private List<BoundingBox> proposals(Explanation explanation) {
        int width = explanation.decoded().width();
        int height = explanation.decoded().height();
        List<BoundingBox> proposals = new ArrayList<>();
        for (Prediction prediction : explanation.predictions(classes)) {
            for (BoundingBox box : PROPOSALS.boxes(explanation.map(prediction.index()))) {
                BoundingBox crop = box.withMargin(margin).clip(width, height).orElseThrow();
                boolean known = proposals.stream().anyMatch(other -> other.intersectionOverUnion(crop) > SAME_PROPOSAL);
                if (!known && proposals.size() < crops) {
                    proposals.add(crop);
                }
            }
        }
        return proposals;
    }

    private Optional<DetectedObject> look(
            Geometry photo, IntFunction<ActivationMap> whole, BoundingBox crop, Explanation seen) {
        Prediction prediction = seen.prediction();
        ActivationMap map = inPhoto(seen.map(), crop, photo);
        return localizer.box(map).flatMap(box -> {
            double share = share(whole.apply(prediction.index()), box);
            double probability = Math.sqrt(prediction.probability() * share);
            return probability >= minimumProbability
                    ? Optional.of(new DetectedObject(prediction, probability, box, map, crop))
                    : Optional.empty();
        });
    }

    /** The crop's map, laid where the crop lies in the photo: everything around it counts as cropped away. */
    private static ActivationMap inPhoto(ActivationMap map, BoundingBox crop, Geometry photo) {
        Geometry inCrop = map.geometry();
        return map.withGeometry(new Geometry(
                photo.photoWidth(),
                photo.photoHeight(),
                inCrop.inputWidth(),
                inCrop.inputHeight(),
                inCrop.scaleX(),
                inCrop.scaleY(),
                inCrop.offsetX() - crop.x0() * inCrop.scaleX(),
                inCrop.offsetY() - crop.y0() * inCrop.scaleY()));
    }

    /** The share of the evidence for a class that lies in a box. */
    private static double share(ActivationMap map, BoundingBox box) {
        PhotoMap enlarged = map.photoMap();
        float[] values = enlarged.values();
        int width = enlarged.width();
        double inside = 0;
        double all = 0;
        for (int i = 0; i < values.length; i++) {
            double evidence = Math.max(values[i], 0);
            all += evidence;
            inside += box.contains(i % width, i / width) ? evidence : 0;
        }
        return all > 0 ? inside / all : 0;
    }

    private static int atLeastOne(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " " + what + ": give at least 1");
        }
        return count;
    }

    private static double in01(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " of " + value + " is out of range: give 0 to 1");
        }
        return value;
    }
}
