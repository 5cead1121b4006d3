package org.cam4j.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.file.Npy;
import org.cam4j.file.WholeFile;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.MapVerdict;
import org.cam4j.render.MapGrid;

/**
 * Writes what a photo gave: {@code NAME.json} for programs, {@code NAME-INDEX.npy} with the raw map and {@code NAME-INDEX.png} with
 * the overlay of each mapped class. The JSON comes last: where it is, the others are.
 */
final class ResultFiles {

    private static final int PREDICTIONS = 5;
    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private final Path folder;
    private final PictureOptions pictures;

    /**
     * Results in a folder.
     *
     * @param folder made when the first file is written
     * @param pictures which pictures, and what they look like
     */
    ResultFiles(Path folder, PictureOptions pictures) {
        this.folder = folder;
        this.pictures = pictures;
    }

    void write(String name, Explanation explanation, List<Prediction> mapped) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("image", explanation.name());
        root.put("width", explanation.photo().getWidth());
        root.put("height", explanation.photo().getHeight());
        root.put("model", explanation.provenance().model());
        root.put("engine", explanation.provenance().engine());
        root.put("preparation", explanation.provenance().preparation());
        root.put("version", explanation.provenance().version());
        ArrayNode predictions = root.putArray("predictions");
        explanation.predictions(Math.max(PREDICTIONS, mapped.size())).forEach(prediction -> predictions
                .addObject()
                .put("index", prediction.index())
                .put("label", prediction.label())
                .put("probability", prediction.probability())
                .put("logit", prediction.logit()));
        ArrayNode maps = root.putArray("maps");
        mapped.forEach(prediction -> writeMap(name, explanation, prediction, maps.addObject()));
        WholeFile.write(folder.resolve(name + ".json"), out -> out.write(JSON.writeValueAsBytes(root)));
    }

    private void writeMap(String name, Explanation explanation, Prediction prediction, ObjectNode entry) {
        ActivationMap map = explanation.map(prediction.index());
        Optional<BoundingBox> box = Localizer.paper().box(map);
        String base = name + "-" + prediction.index();
        Npy.write(folder.resolve(base + ".npy"), map.toArray(), map.height(), map.width());
        entry.put("index", prediction.index());
        entry.put("label", prediction.label());
        entry.put("height", map.height());
        entry.put("width", map.width());
        entry.put("values", base + ".npy");
        pictures.overlay(explanation, map, box).ifPresent(overlay -> {
            overlay.write(folder.resolve(base + ".png"));
            entry.put("overlay", base + ".png");
        });
        if (pictures.grid()) {
            MapGrid.of(map).write(folder.resolve(base + "-grid.png"));
            entry.put("grid", base + "-grid.png");
        }
        if (box.isPresent()) {
            BoundingBox found = box.get();
            entry.putArray("box")
                    .add(found.x0())
                    .add(found.y0())
                    .add(found.x1())
                    .add(found.y1());
        } else {
            entry.putNull("box");
        }
        ArrayNode warnings = entry.putArray("warnings");
        MapVerdict.of(map).warnings().forEach(warning -> warnings.addObject()
                .put("kind", warning.name().toLowerCase(Locale.ROOT))
                .put("sentence", warning.sentence()));
    }
}
