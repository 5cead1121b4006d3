package org.cam4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.ModelFileException;
import org.cam4j.file.InterruptibleReading;

/**
 * Reads files of class names: lines, lines with an index, and JSON as a list or as a dictionary in either direction. The content
 * decides which format it is.
 */
final class LabelsFile {

    /** Bytes of a million long names; a larger file is a device or the wrong file. */
    private static final int LARGEST = 16 << 20;

    private static final String TABBED = "(?s)\\d{1,9}\\t.*\\S.*";
    private static final String NUMBERED = "(?s)\\d{1,9}[ ,:;]+\\S.*";

    /** Loaded when the first JSON is read. */
    private static final class Json {
        static final ObjectMapper MAPPER = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private final String source;

    private LabelsFile(Path file) {
        this.source = "labels file '" + file + "'";
    }

    /** Reads the names in a file that the user chose; it may be a pipe. */
    static List<String> read(Path file) {
        LabelsFile labels = new LabelsFile(file);
        return labels.names(labels.text(file));
    }

    /**
     * Reads the names in a file that another, untrusted file names. The labels file must be an ordinary file in the same folder or below.
     *
     * @throws ModelFileException if it lies elsewhere or is not an ordinary file, for example a device
     */
    static List<String> readBeside(Path settings, String name) {
        Path beside;
        try {
            beside = Path.of(name);
        } catch (InvalidPathException e) {
            throw new ModelFileException(
                    "settings '" + settings + "' name the labels file '" + name
                            + "', which no file can be called here: " + e.getReason()
                            + ". Give the name of a file beside the model.",
                    e);
        }
        if (beside.isAbsolute() || beside.normalize().startsWith("..") || name.isBlank()) {
            throw new ModelFileException("settings '" + settings + "' name the labels file '" + name
                    + "', which is not in the model's folder: put it beside the model, or choose it yourself.");
        }
        Path file = settings.resolveSibling(name);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ModelFileException("settings '" + settings + "' name the labels file '" + name
                    + "', which is a folder, a device or a pipe: expected an ordinary file.");
        }
        return read(file);
    }

    private String text(Path file) {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(source + " is a folder: give the file with the names.");
        }
        try {
            byte[] bytes = InterruptibleReading.read(file, LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new ModelFileException(source + " has more than " + (LARGEST >> 20)
                        + " MiB: expected the names of a network's classes, a few bytes each.");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // The byte order mark that Notepad and spreadsheets write.
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new ModelFileException("no " + source + ": check the path, or leave the labels out.", e);
        } catch (CharacterCodingException e) {
            throw new ModelFileException(source + " is not UTF-8 text: save it as UTF-8.", e);
        } catch (IOException e) {
            throw new ModelFileException(
                    source + " cannot be read: " + e.getMessage() + ". Check that you may read it.", e);
        }
    }

    private List<String> names(String text) {
        List<String> names = isJson(text) ? fromJson(text) : fromLines(text);
        if (names.isEmpty()) {
            throw new ModelFileException(source + " is empty: write one class name a line.");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(String.join("", names))) {
            // JSON can escape half a surrogate pair, which cannot be encoded in UTF-8 later.
            throw new ModelFileException(source + " has a name with half a surrogate pair: write the character whole.");
        }
        return names;
    }

    private static boolean isJson(String text) {
        String start = text.stripLeading();
        // "[unknown]" may be the name of a class; in a JSON list, a quote or a bracket follows the first bracket.
        return start.startsWith("{") || start.matches("(?s)\\[\\s*[\"\\[\\]].*");
    }

    private List<String> fromLines(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        if (lines.stream().allMatch(line -> line.matches(TABBED))) {
            List<Entry> entries = lines.stream()
                    .map(line -> new Entry(index(line, line.indexOf('\t')), line.substring(line.lastIndexOf('\t') + 1)))
                    .toList();
            return ordered(entries);
        }
        if (isNumbered(lines)) {
            return ordered(lines.stream().map(LabelsFile::numbered).toList());
        }
        return lines.stream().map(String::strip).toList();
    }

    /** Tells whether lines are {@code 0 cat} and so on, in any order. No number may be missing: "101 Dalmatians" may be a class. */
    private static boolean isNumbered(List<String> lines) {
        BitSet indices = new BitSet();
        for (String line : lines) {
            if (!line.strip().matches(NUMBERED)) {
                return false;
            }
            int index = numbered(line).index();
            if (index >= lines.size() || indices.get(index)) {
                return false;
            }
            indices.set(index);
        }
        return !lines.isEmpty();
    }

    private static Entry numbered(String line) {
        String[] parts = line.strip().split("[ ,:;]+", 2);
        return new Entry(Integer.parseInt(parts[0]), parts[1]);
    }

    private static int index(String line, int end) {
        return Integer.parseInt(line.substring(0, end));
    }

    private List<String> fromJson(String text) {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new ModelFileException(
                    source + " is no sound JSON: " + JsonFault.of(e) + ". Correct it, or write one class name a line.",
                    e);
        }
        return root.isArray() ? fromList(root) : fromDictionary(root);
    }

    private List<String> fromList(JsonNode list) {
        List<String> names = new ArrayList<>();
        for (JsonNode entry : list) {
            names.add(name(entry, "entry " + names.size()));
        }
        return names;
    }

    /** {@code {"0": "cat"}}, {@code {"0": ["n02123045", "cat"]}} as for ImageNet, or {@code {"cat": 0}} as {@code class_indices}. */
    private List<String> fromDictionary(JsonNode root) {
        boolean namesAreKeys = root.size() > 0
                && root.properties().stream().allMatch(entry -> entry.getValue().isInt());
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (namesAreKeys) {
                entries.add(new Entry(entry.getValue().intValue(), entry.getKey()));
            } else if (entry.getKey().matches("\\d{1,9}")) {
                entries.add(new Entry(
                        Integer.parseInt(entry.getKey()), name(entry.getValue(), "the entry of " + entry.getKey())));
            } else {
                throw new ModelFileException(source + " has the entry \"" + cut(entry.getKey()) + "\": "
                        + cut(entry.getValue().toString())
                        + "; expected {\"0\": \"cat\", ...}, {\"cat\": 0, ...} or [\"cat\", ...].");
            }
        }
        return ordered(entries);
    }

    /** Returns a text, or the last of several texts: ImageNet's identifiers come before the name. */
    private String name(JsonNode entry, String where) {
        JsonNode last = entry.isArray() && !entry.isEmpty() ? entry.get(entry.size() - 1) : entry;
        if (!last.isTextual()) {
            throw new ModelFileException(
                    source + " has " + cut(entry.toString()) + " as " + where + ": expected a text, the class's name.");
        }
        return last.textValue().strip();
    }

    private record Entry(int index, String name) {}

    private List<String> ordered(List<Entry> entries) {
        String[] names = new String[entries.size()];
        for (Entry entry : entries) {
            int index = entry.index();
            boolean isTwice = index >= 0 && index < names.length && names[index] != null;
            if (index < 0 || index >= names.length || isTwice) {
                throw new ModelFileException(String.format(
                        Locale.ROOT,
                        "%s has %d names but the index %d%s: the indices must count from 0 to %d.",
                        source,
                        names.length,
                        index,
                        isTwice ? " twice" : "",
                        names.length - 1));
            }
            names[index] = entry.name().strip();
        }
        return List.of(names);
    }

    private static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
