package org.cam4j.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.LayerActivations;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.Progress;
import org.cam4j.file.WholeFile;
import org.cam4j.localization.BoundingBox;
import org.cam4j.plan.operation.Shape;
import org.cam4j.render.json.ExplanationJson;
import org.cam4j.render.overlay.MapGrid;
import org.cam4j.render.overlay.Overlay;

/**
 * Writes a photo's results: {@code NAME.json} for programs, and for each mapped class {@code NAME-INDEX.npy} with the raw map and
 * {@code NAME-INDEX.png} or {@code .jpg} with the overlay; of several methods each has its name behind INDEX. The JSON is written last: if
 * it exists, the other files do.
 */
final class ResultFiles {

    private static final JsonFactory JSON = new JsonFactory();

    private final ResultFolder folder;
    private final PictureOptions pictures;
    private final List<ExplanationMethod> methods;
    private final boolean savesTensors;

    /**
     * Creates a writer of results.
     *
     * @param folder the target folder; created with the first file
     * @param pictures options for the pictures
     * @param methods make the maps, one or more
     * @param savesTensors whether activations and gradients of the target layer are written too
     */
    ResultFiles(ResultFolder folder, PictureOptions pictures, List<ExplanationMethod> methods, boolean savesTensors) {
        this.folder = folder;
        this.pictures = pictures;
        this.methods = List.copyOf(methods);
        this.savesTensors = savesTensors;
    }

    /** Writes all files of a photo. On failure, deletes new files; replaced files stay. */
    void write(String name, Explanation explanation, List<Prediction> mapped) {
        List<Path> begun = new ArrayList<>();
        Path last = folder.claim(name + ".json");
        try {
            writeAll(last, name, explanation, mapped, begun);
        } catch (RuntimeException | Error e) {
            // Arrays without their JSON are useless.
            begun.forEach(ResultFiles::delete);
            throw e;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The failure being thrown says more.
            return;
        }
    }

    private void writeAll(Path last, String name, Explanation explanation, List<Prediction> mapped, List<Path> begun) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes).useDefaultPrettyPrinter()) {
            writeResult(name, explanation, mapped, json, begun);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be written to memory", e);
        }
        WholeFile.write(last, bytes::writeTo);
    }

    private void writeResult(
            String name, Explanation explanation, List<Prediction> mapped, JsonGenerator json, List<Path> begun)
            throws IOException {
        json.writeStartObject();
        ExplanationJson.write(
                explanation,
                mapped,
                methods,
                (map, box, fields) -> writeMap(name, explanation, map, box, fields, begun),
                json);
        if (savesTensors) {
            writeTensors(name, explanation, mapped, json, begun);
        }
        json.writeEndObject();
    }

    private Path begin(String file, List<Path> begun) {
        Path claimed = folder.claim(file);
        if (!Files.exists(claimed)) {
            begun.add(claimed);
        }
        return claimed;
    }

    private void writeMap(
            String name,
            Explanation explanation,
            ActivationMap map,
            Optional<BoundingBox> box,
            JsonGenerator json,
            List<Path> begun)
            throws IOException {
        String base = name + "-" + map.prediction().index() + (methods.size() == 1 ? "" : "-" + fileName(map));
        Optional<Overlay> overlay = pictures.overlay(explanation, map, box);
        String picture = base + pictures.format().ending();
        if (overlay.isPresent()) {
            pictures.format().write(overlay.get(), begin(picture, begun));
        }
        MapArray.write(begin(base + ".npy", begun), map);
        json.writeStringField("values", base + ".npy");
        if (overlay.isPresent()) {
            json.writeStringField("overlay", picture);
        }
        if (pictures.grid()) {
            MapGrid.of(map).write(begin(base + "-grid.png", begun));
            json.writeStringField("grid", base + "-grid.png");
        }
    }

    /** Returns a method's name for files: a colon separates streams of a file in Windows. */
    private static String fileName(ActivationMap map) {
        return map.method().replace(':', '-');
    }

    /** Writes the prepared photo, the target layer's activations, and the gradients of the mapped classes' logits by them. */
    private void writeTensors(
            String name, Explanation explanation, List<Prediction> mapped, JsonGenerator json, List<Path> begun)
            throws IOException {
        ExplainedImage image = explanation.image(Progress.NONE);
        LayerActivations activations = image.activations(ExplainedImage.TARGET_LAYER);
        json.writeObjectFieldStart("tensors");
        json.writeStringField("input", name + "-input.npy");
        Shape input = image.shape();
        MapArray.write(
                begin(name + "-input.npy", begun), image.values(), input.height(), input.width(), input.channels());
        json.writeStringField("layer", activations.layer());
        json.writeStringField("activations", name + "-activations.npy");
        writeTensor(begin(name + "-activations.npy", begun), activations, activations.values());
        json.writeObjectFieldStart("gradients");
        for (Prediction prediction : mapped) {
            float[] seed = Target.logit(prediction.index()).seed(image.logits());
            String file = name + "-" + prediction.index() + "-gradient.npy";
            writeTensor(begin(file, begun), activations, image.gradient(ExplainedImage.TARGET_LAYER, seed));
            json.writeStringField(String.valueOf(prediction.index()), file);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeTensor(Path file, LayerActivations shape, float... values) {
        MapArray.write(file, values, shape.height(), shape.width(), shape.channels());
    }
}
