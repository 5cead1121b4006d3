package org.cam4j.examples.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.cam4j.image.PictureMark;
import org.cam4j.prepared.PreparedFile;

/**
 * Detects by content whether an earlier run wrote a file, and what kind of result it is. The next run may replace results by results of the
 * same kind, but none of the user's own files.
 *
 * <p>Pictures and reports carry cam4j's mark; JSON files are known by their entries, arrays by their header. A Keras model is a result if
 * the labels and settings beside it are as cam4j writes them.
 */
final class EarlierResults {

    /** Created when the first earlier file is read. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }

    private static final int BEGINNING = 4096;
    private static final long LARGEST_JSON = 64 << 20;

    private static final String PAGE = "<meta name=\"generator\" content=\"cam4j ";

    /** ONNX's first two fields: the format's version 8, and the name of the producer. */
    private static final String EXPORTED = "\b\b\u0012\u0005cam4j";

    /** Kinds of results. */
    enum Kind {
        PICTURE("a picture"),
        PAGE("a report"),
        JSON("a JSON file"),
        ARRAY("an array"),
        MODEL("a model");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }

        /** Returns the kind of the results that cam4j gives a name with this ending. */
        static Kind named(String name) {
            return switch (ending(name)) {
                case "png", "jpg", "jpeg" -> PICTURE;
                case "html", "htm" -> PAGE;
                case "json" -> JSON;
                case "npy" -> ARRAY;
                default -> MODEL;
            };
        }
    }

    private EarlierResults() {}

    /** Whether cam4j wrote the file; false if unknown. */
    static boolean isOne(Path file) {
        return kindOf(file).isPresent();
    }

    /** Returns what cam4j wrote into the file; empty if it did not, or if this is unknown. */
    static Optional<Kind> kindOf(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            if (isResult(file)) {
                return Optional.of(Kind.named(file.getFileName().toString()));
            }
            return beginning(file).contains(PAGE) ? Optional.of(Kind.PAGE) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static boolean isResult(Path file) throws IOException {
        String name = file.getFileName().toString();
        return switch (ending(name)) {
            case "png", "jpg", "jpeg" -> PictureMark.isOn(file);
            case "html", "htm" -> beginning(file).contains(PAGE);
            case "json" -> isResultJson(file);
            case "npy" -> MapArray.isOne(file);
            case "h5", "keras" -> PreparedFile.isOne(file) || isModel(file, name);
            case "onnx" -> beginning(file).startsWith(EXPORTED);
            case "zip" -> isNetwork(file);
            default -> PreparedFile.isOne(file);
        };
    }

    private static String beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1);
        }
    }

    private static boolean isResultJson(Path file) throws IOException {
        JsonNode root = json(file);
        boolean isOfAPhoto = has(root, "image", "width", "height", "model", "version")
                && (has(root, "predictions", "maps") || root.has("objects"));
        return isOfAPhoto
                || has(root, "model", "preparation", "version", "boxes", "threshold", "localization", "photos");
    }

    private static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_JSON) {
            return Json.MAPPER.missingNode();
        }
        try {
            return Json.MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private static boolean has(JsonNode root, String... keys) {
        for (String key : keys) {
            if (!root.has(key)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isModel(Path file, String name) throws IOException {
        String stem = name.replaceFirst("\\.[^.]*$", "");
        JsonNode settings = json(file.resolveSibling(stem + ".json"));
        return settings.size() == 4
                && has(settings, "preprocessing", "resize", "fit")
                && settings.path("labels").asText().equals(stem + ".labels.txt")
                && beginning(file.resolveSibling(stem + ".labels.txt")).startsWith("0\t");
    }

    private static boolean isNetwork(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry("cam4j.json") != null;
        } catch (IOException e) {
            return false;
        }
    }
}
