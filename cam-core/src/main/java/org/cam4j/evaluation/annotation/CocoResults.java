package org.cam4j.evaluation.annotation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.file.WholeFile;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.DetectedObject;

/**
 * Boxes in the form that COCO's evaluation takes, {@code COCO.loadRes} of pycocotools: a list of image, category, box and score. Image
 * and category are the numbers of the file of annotations that it is compared with; a class's index is a category only by chance.
 *
 * <p>For one thread.
 */
public final class CocoResults {

    private static final JsonFactory JSON = new JsonFactory();

    private final List<Result> results = new ArrayList<>();

    private record Result(long image, long category, BoundingBox box, double score) {}

    /**
     * Adds a box.
     *
     * @param image the image's {@code id}
     * @param category the category's {@code id}
     * @param box in the photo's own pixels, ends exclusive; written as x, y, width and height
     * @param score in [0, 1], such as the class's probability
     * @return this
     */
    public CocoResults add(long image, long category, BoundingBox box, double score) {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("a score of " + score + ": expected a finite number");
        }
        results.add(new Result(image, category, box, score));
        return this;
    }

    /**
     * Adds a found object with its probability.
     *
     * @param image the image's {@code id}
     * @param category the {@code id} of the object's category
     * @param object found by an {@link org.cam4j.localization.ObjectFinder}
     * @return this
     */
    public CocoResults add(long image, long category, DetectedObject object) {
        return add(image, category, object.box(), object.probability());
    }

    /**
     * Writes the results: whole or not at all.
     *
     * @param file where to, usually {@code .json}; folders on the way are made, an existing file is replaced
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        WholeFile.write(file, this::write);
    }

    private void write(OutputStream bytes) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(bytes).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.writeStartArray();
            for (Result result : results) {
                BoundingBox box = result.box();
                json.writeStartObject();
                json.writeNumberField("image_id", result.image());
                json.writeNumberField("category_id", result.category());
                json.writeArrayFieldStart("bbox");
                for (int number : new int[] {box.x0(), box.y0(), box.width(), box.height()}) {
                    json.writeNumber(number);
                }
                json.writeEndArray();
                json.writeNumberField("score", result.score());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }
}
