package org.cam4j.evaluation.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.exception.AnnotationException;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.JsonFault;
import org.cam4j.localization.BoundingBox;

/**
 * COCO's object annotations (Lin et al., ECCV 2014): images, categories, and boxes as corner and size in continuous pixels.
 *
 * <p>Read entry by entry: the outlines in a file of half a gigabyte are never in memory together.
 */
final class CocoBoxes {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The most rows or columns of a photo. */
    private static final double LARGEST = 1 << 29;

    private final Path file;
    private final Map<String, String> images = new HashMap<>();
    private final Map<String, String> categories = new HashMap<>();
    private final List<Annotation> annotations = new ArrayList<>();

    /** A box before its image and its category are known by name. */
    private record Annotation(String where, String image, String category, BoundingBox box) {}

    private CocoBoxes(Path file) {
        this.file = file;
    }

    static List<LabelledPhoto> read(Path file) {
        CocoBoxes boxes = new CocoBoxes(file);
        try (InputStream in = new BufferedInputStream(TextFile.open(file));
                JsonParser parser = JSON.createParser(in)) {
            boxes.readAll(parser);
            return boxes.photos();
        } catch (JsonProcessingException e) {
            throw new AnnotationException(
                    "'" + file + "' is not JSON: " + JsonFault.of(e) + ". Expected COCO's object annotations.", e);
        } catch (IOException e) {
            throw new AnnotationException("'" + file + "' cannot be read: " + IoReason.of(e), e);
        }
    }

    private void readAll(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            throw notCoco();
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String part = parser.currentName();
            JsonToken start = parser.nextToken();
            if (!part.equals("images") && !part.equals("categories") && !part.equals("annotations")) {
                parser.skipChildren();
                continue;
            }
            if (start != JsonToken.START_ARRAY) {
                throw new AnnotationException(
                        "'" + file + "' has \"" + part + "\" that is no list: expected [{...}, ...], as COCO has it.");
            }
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                add(part, JSON.readTree(parser), "\"" + part + "\"[" + i + "] of '" + file + "'");
            }
        }
        if (images.isEmpty() || categories.isEmpty()) {
            throw notCoco();
        }
    }

    private AnnotationException notCoco() {
        return new AnnotationException("'" + file
                + "' has no images or no categories: expected COCO's object annotations with 'images', 'categories' and"
                + " 'annotations'.");
    }

    private void add(String part, JsonNode entry, String where) {
        if (entry == null || !entry.isObject()) {
            throw new AnnotationException(where + " is " + cut(entry) + ": expected an entry {...}, as COCO has it.");
        }
        switch (part) {
            case "images" -> addName(images, entry, "file_name", where);
            case "categories" -> addName(categories, entry, "name", where);
            default -> {
                if (!isCrowd(entry, where)) {
                    String image = id(entry, "image_id", where);
                    if (!images.isEmpty()) {
                        found(images, image, "image_id", where);
                    }
                    annotations.add(new Annotation(
                            where,
                            image,
                            entry.has("category_id") ? id(entry, "category_id", where) : "",
                            box(entry.path("bbox"), where)));
                }
            }
        }
    }

    private static void addName(Map<String, String> names, JsonNode entry, String key, String where) {
        JsonNode name = entry.path(key);
        if (!name.isTextual() || name.textValue().isBlank()) {
            throw new AnnotationException(
                    where + " has the " + key + " " + cut(name) + ": expected a text that is not empty.");
        }
        String id = id(entry, "id", where);
        String other = names.putIfAbsent(id, name.textValue());
        if (other != null && !other.equals(name.textValue())) {
            throw new AnnotationException(
                    where + " has the id " + id + ", as '" + other + "' has: ids must be of one" + " entry each.");
        }
    }

    /** COCO's are whole numbers; other tools write texts. */
    private static String id(JsonNode entry, String key, String where) {
        JsonNode id = entry.path(key);
        if (!id.isIntegralNumber() && !id.isTextual()) {
            throw new AnnotationException(
                    where + " has the " + key + " " + cut(id) + ": expected a whole number or a text.");
        }
        return id.asText();
    }

    private static boolean isCrowd(JsonNode entry, String where) {
        JsonNode crowd = entry.path("iscrowd");
        if (crowd.isMissingNode() || crowd.isBoolean() || crowd.isIntegralNumber()) {
            return crowd.asBoolean();
        }
        throw new AnnotationException(where + " has the iscrowd " + cut(crowd) + ": expected 0 or 1.");
    }

    private List<LabelledPhoto> photos() {
        BoxCollector collector = new BoxCollector();
        for (Annotation annotation : annotations) {
            collector.add(
                    found(images, annotation.image(), "image_id", annotation.where()),
                    Optional.of(found(categories, annotation.category(), "category_id", annotation.where())),
                    OptionalInt.empty(),
                    annotation.box());
        }
        return collector.photos();
    }

    private static String found(Map<String, String> names, String id, String key, String where) {
        String name = names.get(id);
        if (name == null) {
            throw new AnnotationException(where + " has the " + key + " " + id
                    + ", which the file does not list: add it, or leave the box out.");
        }
        return name;
    }

    private static BoundingBox box(JsonNode corner, String where) {
        double[] values = new double[4];
        boolean sound = corner.isArray() && corner.size() == 4;
        for (int i = 0; sound && i < 4; i++) {
            values[i] = corner.get(i).asDouble();
            sound = corner.get(i).isNumber() && Math.abs(values[i]) <= LARGEST && (i < 2 || values[i] >= 0);
        }
        if (!sound) {
            throw new AnnotationException(where + " has the bbox " + cut(corner)
                    + ": expected [x, y, width, height], four numbers of pixels, the sizes not negative.");
        }
        int left = (int) Math.round(values[0]);
        int top = (int) Math.round(values[1]);
        int right = (int) Math.round(values[0] + values[2]);
        int bottom = (int) Math.round(values[1] + values[3]);
        // Boxes of less than a pixel are in COCO; they are the pixel that they lie in.
        return new BoundingBox(left, top, Math.max(right, left + 1), Math.max(bottom, top + 1));
    }

    private static String cut(JsonNode node) {
        String text = node == null || node.isMissingNode() ? "nothing" : node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
