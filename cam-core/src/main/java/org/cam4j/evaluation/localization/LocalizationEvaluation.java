package org.cam4j.evaluation.localization;

import java.util.Objects;
import java.util.Optional;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.LabelledMap;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.Mask;

/**
 * Collects how well boxes and maps agree with labelled boxes, beside baselines that need no network.
 *
 * <pre>{@code
 * LocalizationEvaluation evaluation = new LocalizationEvaluation(Localizer.paper());
 * for (LabelledPhoto photo : LabelledPhotos.read(Path.of("boxes.csv"))) {
 *     Explanation explanation = mapper.explain(folder.resolve(photo.file()));
 *     evaluation.add(Observation.of(explanation, photo.classIndex(mapper.labels()), photo.boxes()));
 * }
 * LocalizationReport report = evaluation.report();
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class LocalizationEvaluation {

    private static final double RIGHT = 0.5;

    private final Localizer localizer;
    private final BoxAccuracy boxAccuracy = new BoxAccuracy();
    private final BoxAccuracy centreAccuracy = new BoxAccuracy();
    private final Tally centre = new Tally();
    private final Tally whole = new Tally();
    private final Tally found = new Tally();
    private int top1;
    private int top5;
    private double coverage;

    /**
     * Creates an evaluation without photos.
     *
     * @param localizer draws the boxes for all measures but MaxBoxAcc, which tries every threshold
     */
    public LocalizationEvaluation(Localizer localizer) {
        this.localizer = Objects.requireNonNull(localizer, "localizer");
    }

    /**
     * Adds a photo.
     *
     * @param seen what the network made of it
     * @return the box that was found and how well it agrees
     */
    public BoxOverlap add(Observation seen) {
        LabelledMap labelled = new LabelledMap(seen.map(), seen.truth());
        Optional<BoundingBox> box = localizer.box(seen.map());
        double overlap = labelled.intersectionOverUnion(box);
        found.add(overlap, PointingGame.hit(seen.map(), seen.truth()));
        if (overlap >= RIGHT) {
            top1 += seen.rank() == 0 ? 1 : 0;
            top5 += seen.rank() < 5 ? 1 : 0;
        }
        coverage += coverage(seen);
        boxAccuracy.add(seen.map(), seen.truth());
        addBaselines(seen, labelled);
        return new BoxOverlap(box, overlap);
    }

    private double coverage(Observation seen) {
        Geometry geometry = seen.map().geometry();
        Mask truth = Mask.of(geometry.photoWidth(), geometry.photoHeight(), seen.truth());
        long pixels = truth.area();
        return pixels == 0 ? 0 : (double) truth.intersectionArea(localizer.region(seen.map())) / pixels;
    }

    private void addBaselines(Observation seen, LabelledMap labelled) {
        int width = seen.map().geometry().photoWidth();
        int height = seen.map().geometry().photoHeight();
        boolean pointing = PointingGame.hit(width / 2, height / 2, seen.truth(), 0);
        centre.add(labelled.intersectionOverUnion(Optional.of(Baselines.centreBox(width, height))), pointing);
        whole.add(labelled.intersectionOverUnion(Optional.of(Baselines.wholePhoto(width, height))), pointing);
        centreAccuracy.add(Baselines.centreMap(width, height), seen.truth());
    }

    /**
     * The measures of the photos so far.
     *
     * @return the report
     * @throws IllegalStateException if no photo was added
     */
    public LocalizationReport report() {
        // Says that there are no photos before anything is divided by their number.
        MaxBoxAccuracy accuracy = boxAccuracy.result();
        double photos = found.photos;
        LocalizationReport.Baseline own = found.share();
        return new LocalizationReport(
                found.photos,
                own.gtKnown(),
                top1 / photos,
                top5 / photos,
                own.meanOverlap(),
                own.pointing(),
                coverage / photos,
                accuracy,
                centre.share(),
                whole.share(),
                centreAccuracy.result());
    }

    /** Counts of one kind of box. */
    private static final class Tally {

        private int photos;
        private int right;
        private int hits;
        private double overlaps;

        void add(double overlap, boolean hit) {
            photos++;
            right += overlap >= RIGHT ? 1 : 0;
            hits += hit ? 1 : 0;
            overlaps += overlap;
        }

        LocalizationReport.Baseline share() {
            return new LocalizationReport.Baseline((double) right / photos, overlaps / photos, (double) hits / photos);
        }
    }
}
