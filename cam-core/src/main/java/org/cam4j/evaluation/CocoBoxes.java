package org.cam4j.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.exception.AnnotationException;
import org.cam4j.localization.BoundingBox;

/** COCO's object annotations (Lin et al., ECCV 2014): images, categories, and boxes as corner and size in continuous pixels. */
final class CocoBoxes {

    private CocoBoxes() {}

    static List<LabelledPhoto> read(Path file) {
        JsonNode root = parse(file);
        Map<Long, String> images = names(root.path("images"), "file_name", file);
        Map<Long, String> categories = names(root.path("categories"), "name", file);
        BoxCollector collector = new BoxCollector();
        for (JsonNode annotation : root.path("annotations")) {
            if (annotation.path("iscrowd").asInt() == 0) {
                collector.add(
                        found(images, annotation, "image_id", file),
                        Optional.of(found(categories, annotation, "category_id", file)),
                        OptionalInt.empty(),
                        box(annotation.path("bbox"), file));
            }
        }
        return collector.photos();
    }

    private static JsonNode parse(Path file) {
        try {
            return new ObjectMapper().readTree(TextFile.read(file));
        } catch (JsonProcessingException e) {
            throw new AnnotationException("'" + file + "' is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Map<Long, String> names(JsonNode list, String key, Path file) {
        Map<Long, String> names = new HashMap<>();
        for (JsonNode entry : list) {
            names.put(entry.path("id").asLong(-1), entry.path(key).asText());
        }
        if (names.isEmpty()) {
            throw new AnnotationException("'" + file
                    + "' has no images or no categories: expected COCO's object annotations with 'images', 'categories' and"
                    + " 'annotations'.");
        }
        return names;
    }

    private static String found(Map<Long, String> names, JsonNode annotation, String key, Path file) {
        String name = names.get(annotation.path(key).asLong(-1));
        if (name == null) {
            throw new AnnotationException("'" + file + "' has an annotation of " + key + " " + annotation.path(key)
                    + ", which it does not list.");
        }
        return name;
    }

    private static BoundingBox box(JsonNode corner, Path file) {
        if (corner.size() != 4) {
            throw new AnnotationException(
                    "'" + file + "' has an annotation with bbox " + corner + ": expected [x, y, width, height].");
        }
        double x = corner.get(0).asDouble();
        double y = corner.get(1).asDouble();
        int left = (int) Math.round(x);
        int top = (int) Math.round(y);
        int right = (int) Math.round(x + corner.get(2).asDouble());
        int bottom = (int) Math.round(y + corner.get(3).asDouble());
        // Boxes of less than a pixel are in COCO; they are the pixel that they lie in.
        return new BoundingBox(left, top, Math.max(right, left + 1), Math.max(bottom, top + 1));
    }
}
