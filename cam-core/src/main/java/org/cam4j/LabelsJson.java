package org.cam4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.ModelFileException;

/**
 * Class names in JSON: a list, or a dictionary in either direction. Python's notation of a dictionary is read too, since ImageNet's
 * {@code {0: 'tench, Tinca tinca', ...}} is passed around as a text file.
 */
final class LabelsJson {

    private static final String DIGITS = "\\d{1,9}";
    private static final String FORMS = "{\"0\": \"cat\", ...}, {\"cat\": 0, ...} or [\"cat\", ...]";

    /** Loaded when the first JSON is read. */
    private static final class Json {
        static final ObjectMapper MAPPER = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(
                        JsonReadFeature.ALLOW_SINGLE_QUOTES,
                        JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
                        JsonReadFeature.ALLOW_TRAILING_COMMA)
                .build();
    }

    private final String source;

    /** @param source the file in messages */
    LabelsJson(String source) {
        this.source = source;
    }

    /** Tells whether a text is JSON. A class may be called "[unknown]": in a list, a quote or a bracket follows the first bracket. */
    static boolean isJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.matches("(?s)\\[\\s*[\"'\\[\\]{].*");
    }

    /**
     * Reads the names.
     *
     * @throws ModelFileException if the text is no sound JSON, or not one of the forms
     */
    List<String> names(String text) {
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
        boolean namesAreKeys = !root.isEmpty()
                && (root.properties().stream()
                                .allMatch(entry -> entry.getValue().isInt())
                        || hasNamesBeforeDigits(root));
        List<IndexedName> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (namesAreKeys) {
                entries.add(new IndexedName(entry.getValue().asInt(), entry.getKey()));
            } else if (entry.getKey().matches(DIGITS)) {
                entries.add(new IndexedName(
                        Integer.parseInt(entry.getKey()), name(entry.getValue(), "the entry of " + entry.getKey())));
            } else {
                throw new ModelFileException(source + " has the entry \"" + IndexedName.cut(entry.getKey()) + "\": "
                        + IndexedName.cut(entry.getValue().toString()) + "; expected " + FORMS + ".");
            }
        }
        return IndexedName.ordered(entries, source);
    }

    /**
     * Tells whether every value is an index written as a text: {@code {"cat": "0"}}.
     *
     * @throws ModelFileException if the keys are such indices too, in another order: either may be the names
     */
    private boolean hasNamesBeforeDigits(JsonNode root) {
        if (!root.properties().stream().allMatch(entry -> isDigits(entry.getValue()))) {
            return false;
        }
        if (!root.properties().stream().allMatch(entry -> entry.getKey().matches(DIGITS))) {
            return true;
        }
        Set<Integer> keys = new HashSet<>();
        Set<Integer> values = new HashSet<>();
        boolean isSame = true;
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            int key = Integer.parseInt(entry.getKey());
            int value = entry.getValue().asInt();
            keys.add(key);
            values.add(value);
            isSame &= key == value;
        }
        if (keys.equals(values) && !isSame) {
            throw new ModelFileException(source + " has digits as keys and as values, so that either may be the names:"
                    + " write the indices as numbers, {\"7\": 0, ...}, or the names as a list, [\"7\", ...].");
        }
        return false;
    }

    private static boolean isDigits(JsonNode value) {
        return value.isTextual() && value.textValue().matches(DIGITS);
    }

    /** Returns a text, or the last of several texts: ImageNet's identifiers come before the name. */
    private String name(JsonNode entry, String where) {
        JsonNode last = entry.isArray() && !entry.isEmpty() ? entry.get(entry.size() - 1) : entry;
        if (!last.isTextual()) {
            throw new ModelFileException(source + " has " + IndexedName.cut(entry.toString()) + " as " + where
                    + ": expected a text, the class's name.");
        }
        return last.textValue().strip();
    }
}
