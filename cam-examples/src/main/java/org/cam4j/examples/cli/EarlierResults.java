package org.cam4j.examples.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private static final JsonFactory JSON = new JsonFactory();
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
        Set<String> names = fields(file).keySet();
        boolean isOfAPhoto = names.containsAll(Set.of("image", "width", "height", "model", "version"))
                && (names.containsAll(Set.of("predictions", "maps")) || names.contains("objects"));
        return isOfAPhoto
                || names.containsAll(
                        Set.of("model", "preparation", "version", "boxes", "threshold", "localization", "photos"));
    }

    /** Returns a JSON object's entries, what is no single value as an empty text; none of a file that is no JSON object. */
    private static Map<String, String> fields(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_JSON) {
            return Map.of();
        }
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(Files.readAllBytes(file))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Map.of();
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                fields.put(name, parser.nextToken().isScalarValue() ? parser.getText() : "");
                parser.skipChildren();
            }
            return parser.currentToken() == JsonToken.END_OBJECT ? fields : Map.of();
        } catch (JacksonException e) {
            return Map.of();
        }
    }

    private static boolean isModel(Path file, String name) throws IOException {
        String stem = name.replaceFirst("\\.[^.]*$", "");
        Map<String, String> settings = fields(file.resolveSibling(stem + ".json"));
        return settings.keySet().equals(Set.of("preprocessing", "resize", "fit", "labels"))
                && settings.get("labels").equals(stem + ".labels.txt")
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
