package org.cam4j.render.report;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Colormap;
import org.cam4j.render.picture.Jpeg;
import org.cam4j.render.picture.Shrinking;
import org.cam4j.render.text.Caption;

/**
 * The data of one photo in the report's page; the names are those that {@code report.js} reads.
 *
 * @param name what the photo is called
 * @param width of the photo, whose pixels boxes and geometry are in
 * @param height of the photo
 * @param picture the photo as a JPEG, perhaps smaller
 * @param geometry from the photo to the network's input
 * @param placement from the network's input to the maps, which are turned upright
 * @param methods what made the maps, with the layer
 * @param classes the mapped classes; in a report the best, from the highest score down
 * @param notes remarks for the reader
 */
record ReportPhoto(
        String name,
        int width,
        int height,
        String picture,
        Geometry geometry,
        MapPlacement placement,
        List<String> methods,
        List<ReportClass> classes,
        List<String> notes) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Template ITEM = Template.of("photo.html");
    private static final Template WARNING = Template.of("warning.html");
    private static final int THUMBNAIL = 400;

    /**
     * One class.
     *
     * @param index among the model's classes
     * @param label its name
     * @param probability in [0, 1]
     * @param caption the probability in words
     * @param peak the largest value in the photo; 0 where nothing speaks for the class
     * @param box [x0, y0, x1, y1], the ends exclusive; null where nothing speaks for the class
     * @param addsUp whether values are shares of the class's score: the mean of the map and a constant are its logit
     * @param map its map
     * @param others the same by the other methods, in their order
     */
    record ReportClass(
            int index,
            String label,
            double probability,
            String caption,
            double peak,
            int[] box,
            boolean addsUp,
            ReportMap map,
            List<ReportEvidence> others) {}

    /**
     * A class's map by another method.
     *
     * @param peak as in {@link ReportClass}
     * @param box as in {@link ReportClass}
     * @param addsUp as in {@link ReportClass}
     * @param map its map
     * @param placement where the map's cells lie, which may be others of another layer
     */
    record ReportEvidence(double peak, int[] box, boolean addsUp, ReportMap map, MapPlacement placement) {}

    /**
     * A map's numbers, as JavaScript's typed arrays take them.
     *
     * @param values [height, width] in base64: four bytes a float, the lowest first
     * @param height rows of cells
     * @param width columns of cells
     */
    record ReportMap(String values, int height, int width) {

        static ReportMap of(ActivationMap map) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * map.height() * map.width())
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(map.toArray());
            return new ReportMap(Base64.getEncoder().encodeToString(bytes.array()), map.height(), map.width());
        }
    }

    /** The list item of a photo: the thumbnail, and everything for the viewer. */
    static String html(Explanation explanation, Report.Settings settings, List<String> notes) {
        BufferedImage picture = explanation.decoded().fitted(settings.longestSide());
        ReportPhoto photo = of(explanation, picture, settings, explanation.predictions(settings.classes()), notes);
        BufferedImage thumbnail = thumbnail(
                explanation, Shrinking.to(THUMBNAIL, picture), photo.classes().get(0), settings.colormap());
        Prediction best = explanation.prediction();
        return ITEM.filled(Map.ofEntries(
                entry("share", String.valueOf(best.probability())),
                entry("doubt", String.valueOf(doubt(explanation))),
                entry("warnings", String.valueOf(notes.size())),
                entry(
                        "warning",
                        notes.stream().limit(1).map(ReportPhoto::warning).collect(Collectors.joining())),
                entry("thumbnail", dataUri("image/jpeg", Jpeg.encode(thumbnail, 0.8f))),
                entry("width", String.valueOf(thumbnail.getWidth())),
                entry("height", String.valueOf(thumbnail.getHeight())),
                entry("alt", "The evidence for " + best.label() + " over " + explanation.name()),
                entry("label", best.label()),
                entry("probability", Caption.probability(best.probability())),
                entry("name", explanation.name()),
                entry("data", json(photo))));
    }

    /** How doubtful the best class is, in [0, 1]: 1 less the distance of the two best probabilities. */
    private static double doubt(Explanation explanation) {
        List<Prediction> best = explanation.predictions(2);
        return best.size() < 2
                ? 0
                : 1 - (best.get(0).probability() - best.get(1).probability());
    }

    private static String warning(String sentence) {
        return WARNING.filled(Map.of("sentence", sentence));
    }

    /** The data of some classes, one or more. */
    static ReportPhoto of(
            Explanation explanation, Report.Settings settings, List<Prediction> predictions, List<String> notes) {
        return of(explanation, explanation.decoded().fitted(settings.longestSide()), settings, predictions, notes);
    }

    private static ReportPhoto of(
            Explanation explanation,
            BufferedImage picture,
            Report.Settings settings,
            List<Prediction> predictions,
            List<String> notes) {
        List<List<ActivationMap>> others = settings.methods().stream()
                .map(method -> predictions.stream()
                        .map(prediction -> explanation.map(prediction.index(), method))
                        .toList())
                // A map that has no place in the photo cannot be drawn over it.
                .filter(maps -> maps.get(0).isPlaced())
                .toList();
        List<ReportClass> classes = IntStream.range(0, predictions.size())
                .mapToObj(i -> reportClass(
                        explanation,
                        predictions.get(i),
                        others.stream().map(maps -> maps.get(i)).toList()))
                .toList();
        return new ReportPhoto(
                explanation.name(),
                explanation.decoded().width(),
                explanation.decoded().height(),
                dataUri("image/jpeg", Jpeg.encode(picture, 0.85f)),
                explanation.geometry(),
                explanation.map().upright().placement(),
                Stream.concat(Stream.of(explanation.map()), others.stream().map(maps -> maps.get(0)))
                        .map(map -> map.method() + ", " + map.layer())
                        .toList(),
                classes,
                notes);
    }

    private static ReportClass reportClass(Explanation explanation, Prediction prediction, List<ActivationMap> others) {
        ReportEvidence own = evidence(explanation.map(prediction.index()));
        return new ReportClass(
                prediction.index(),
                prediction.label(),
                prediction.probability(),
                Caption.probability(prediction.probability()),
                own.peak(),
                own.box(),
                own.addsUp(),
                own.map(),
                others.stream().map(ReportPhoto::evidence).toList());
    }

    private static ReportEvidence evidence(ActivationMap map) {
        int[] box = Localizer.paper()
                .box(map)
                .map(found -> new int[] {found.x0(), found.y0(), found.x1(), found.y1()})
                .orElse(null);
        ActivationMap upright = map.upright();
        return new ReportEvidence(
                Math.max(0, map.interpolated().max()), box, map.addsUp(), ReportMap.of(upright), upright.placement());
    }

    /** The overlay at a thumbnail's size: the map is the same, only the photo that it is enlarged to is smaller. */
    private static BufferedImage thumbnail(
            Explanation explanation, BufferedImage small, ReportClass best, Colormap colormap) {
        ActivationMap map = explanation.map();
        Geometry full = explanation.geometry();
        Geometry geometry = full.resized(small.getWidth(), small.getHeight());
        Overlay overlay = Overlay.of(small, map.withGeometry(geometry)).colormap(colormap);
        Optional<BoundingBox> box = Optional.ofNullable(best.box())
                .map(found -> new BoundingBox(found[0], found[1], found[2], found[3])
                        .enclosing(
                                (double) small.getWidth() / full.photoWidth(),
                                (double) small.getHeight() / full.photoHeight()));
        return box.map(overlay::box).orElse(overlay).image();
    }

    private static String dataUri(String type, byte[] bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    /** JSON that can stand in a script element: no text in it ends the element or begins a comment. */
    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value).replace("<", "\\u003c").replace(">", "\\u003e");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the report's data could not be written as JSON", e);
        }
    }
}
