package org.cam4j.render.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.image.MapPlacement;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.MapWarning;

/**
 * The fields of an explanation in JSON: the photo, what explained it, {@code predictions}, and {@code maps} with box and warnings.
 */
public final class ExplanationJson {

    private static final int PREDICTIONS = 5;

    /** The field {@code values} of each map: its raw numbers, row by row, [h][w]. */
    public static final MapFields VALUES = (map, box, json) -> writeValues(map, json);

    private ExplanationJson() {}

    /** Adds fields of the application's own to a map: the names of its files, or its values. */
    @FunctionalInterface
    public interface MapFields {

        /**
         * Writes the fields into the map's object, behind its size.
         *
         * @param map the map
         * @param box its box in the photo's pixels, if the map is placed and anything speaks for the class
         * @param json in the map's object
         * @throws IOException if the generator's target fails
         */
        void write(ActivationMap map, Optional<BoundingBox> box, JsonGenerator json) throws IOException;
    }

    /**
     * Writes the fields of an explanation into an object that the caller has begun and ends.
     *
     * @param explanation the photo's explanation
     * @param mapped the classes to map; the predictions are the five best classes, or as many as these
     * @param methods make the maps of each class
     * @param fields of each map besides, such as {@link #VALUES}
     * @param json in an object
     * @throws IOException if the generator's target fails
     */
    public static void write(
            Explanation explanation,
            List<Prediction> mapped,
            List<ExplanationMethod> methods,
            MapFields fields,
            JsonGenerator json)
            throws IOException {
        json.writeStringField("image", explanation.name());
        json.writeNumberField("width", explanation.decoded().width());
        json.writeNumberField("height", explanation.decoded().height());
        json.writeStringField("model", explanation.provenance().model());
        json.writeStringField("engine", explanation.provenance().engine());
        json.writeStringField("preparation", explanation.provenance().preparation());
        json.writeStringField("version", explanation.provenance().version());
        json.writeArrayFieldStart("predictions");
        for (Prediction prediction : explanation.predictions(Math.max(PREDICTIONS, mapped.size()))) {
            json.writeStartObject();
            json.writeNumberField("index", prediction.index());
            json.writeStringField("label", prediction.label());
            json.writeNumberField("probability", prediction.probability());
            json.writeNumberField("logit", prediction.logit());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("maps");
        for (Prediction prediction : mapped) {
            for (ExplanationMethod method : methods) {
                json.writeStartObject();
                writeMap(explanation.map(prediction.index(), method), prediction, fields, json);
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void writeValues(ActivationMap map, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("values");
        for (int y = 0; y < map.height(); y++) {
            json.writeStartArray();
            for (int x = 0; x < map.width(); x++) {
                json.writeNumber(map.at(y, x));
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static void writeMap(ActivationMap map, Prediction prediction, MapFields fields, JsonGenerator json)
            throws IOException {
        Optional<BoundingBox> box = map.isPlaced() ? Localizer.paper().box(map) : Optional.empty();
        json.writeNumberField("index", prediction.index());
        json.writeStringField("label", prediction.label());
        json.writeStringField("method", map.method());
        json.writeStringField("layer", map.layer());
        if (map.addsUp()) {
            json.writeNumberField("bias", map.bias());
        }
        json.writeNumberField("height", map.height());
        json.writeNumberField("width", map.width());
        fields.write(map, box, json);
        if (map.placement() instanceof MapPlacement.Unplaced none) {
            json.writeStringField("unplaced", none.reason());
        }
        json.writeFieldName("box");
        if (box.isPresent()) {
            BoundingBox found = box.get();
            json.writeArray(new int[] {found.x0(), found.y0(), found.x1(), found.y1()}, 0, 4);
        } else {
            json.writeNull();
        }
        json.writeArrayFieldStart("warnings");
        for (MapWarning warning : MapCheck.of(map).warnings()) {
            json.writeStartObject();
            json.writeStringField("kind", warning.name().toLowerCase(Locale.ROOT));
            json.writeStringField("sentence", warning.sentence());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
