package org.cam4j;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.ModelFileException;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.PhotoRecipe;
import org.cam4j.image.Preprocessing;

/**
 * Settings that a model's file does not hold: the preparation of photos and the names of the classes. Read from the JSON file beside
 * it, {@code model.json} for {@code model.h5}.
 *
 * <pre>{@code
 * {
 *   "preprocessing": "caffe",          caffe, tf, torch, unit, none, "SCALE,OFFSET[,bgr]", or imagenet for all four
 *   "resize": "bilinear",              nearest, bilinear, smooth_bilinear, bicubic or lanczos
 *   "fit": "squash",                   squash, center_crop, exact_center_crop or letterbox
 *   "short_side": "256",               the photo's shorter side before the center_crop
 *   "labels": "animals.txt"            beside this file or in a folder there, an ordinary file
 * }
 * }</pre>
 *
 * @param preprocessing how pixels become input values
 * @param interpolation how photos are resized
 * @param fit how a photo's proportions become the input's
 * @param shortSide the length to which the photo's shorter side is resized before a centre crop
 * @param labels the classes' names
 */
record ModelSettings(
        Optional<Preprocessing> preprocessing,
        Optional<Interpolation> interpolation,
        Optional<Fit> fit,
        OptionalInt shortSide,
        Optional<Labels> labels) {

    static final ModelSettings NONE = new ModelSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());

    private static final List<String> KEYS = List.of("preprocessing", "resize", "fit", "short_side", "labels");
    private static final String IMAGENET = "imagenet";
    private static final long LARGEST = 1 << 20;

    /** Loaded when the first file is read. */
    private static final class Json {
        static final ObjectMapper MAPPER =
                new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    }

    /**
     * Reads the settings beside a model.
     *
     * @param model the model's file
     * @return the settings; empty if the file does not exist or is Keras' own description of the network
     * @throws ModelFileException if the file is not JSON or has an unknown key or value
     */
    static ModelSettings beside(Path model) {
        String name = model.getFileName().toString();
        Path file = model.resolveSibling(name.replaceFirst("\\.[^.]*$", "") + ".json");
        if (file.equals(model) || !Files.exists(file)) {
            return NONE;
        }
        if (!Files.isRegularFile(file)) {
            // Reading a pipe could block forever.
            throw new ModelFileException(
                    "settings '" + file
                            + "' are a folder, a device or a pipe: expected an ordinary file. Rename it, or put the model elsewhere.");
        }
        JsonNode root = parse(file);
        if (root.has("class_name") && root.has("config")) {
            return NONE;
        }
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            boolean isLength =
                    field.getKey().equals("short_side") && field.getValue().isIntegralNumber();
            if (!KEYS.contains(field.getKey()) || !(field.getValue().isTextual() || isLength)) {
                throw new ModelFileException("settings '" + file + "' have the entry \"" + field.getKey() + "\": "
                        + field.getValue() + "; expected texts for some of " + KEYS + ".");
            }
        }
        Optional<PhotoRecipe> recipe =
                IMAGENET.equalsIgnoreCase(root.path("preprocessing").asText())
                        ? Optional.of(PhotoRecipe.IMAGENET)
                        : Optional.empty();
        Optional<Fit> fit = text(root, file, "fit", value -> constant(Fit.class, value));
        Optional<Integer> shortSide = text(root, file, "short_side", ModelSettings::length)
                .or(() -> fit.isEmpty() ? recipe.map(PhotoRecipe::shortSide) : Optional.empty());
        return new ModelSettings(
                recipe.map(PhotoRecipe::preprocessing)
                        .or(() -> text(root, file, "preprocessing", Preprocessing::parse)),
                text(root, file, "resize", value -> constant(Interpolation.class, value))
                        .or(() -> recipe.map(PhotoRecipe::interpolation)),
                fit.or(() -> recipe.map(PhotoRecipe::fit)),
                shortSide.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                text(root, file, "labels", value -> Labels.readBeside(file, value)));
    }

    private static int length(String text) {
        try {
            int length = Integer.parseInt(text);
            if (length > 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no length: expected pixels, such as \"256\"", e);
        }
        throw new IllegalArgumentException("'" + text + "' is no length: expected at least one pixel");
    }

    /** These settings, or other ones if none of these is given. */
    ModelSettings or(Supplier<ModelSettings> other) {
        return equals(NONE) ? other.get() : this;
    }

    private static JsonNode parse(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new ModelFileException(
                        "settings '" + file + "' are larger than a megabyte; expected a few lines.");
            }
            JsonNode root = Json.MAPPER.readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new ModelFileException(
                        "settings '" + file + "' hold no JSON object; expected {\"preprocessing\": ...}.");
            }
            return root;
        } catch (JacksonException e) {
            throw new ModelFileException(
                    "settings '" + file + "' are no JSON: " + JsonFault.of(e)
                            + ". Expected an object such as {\"preprocessing\": \"caffe\"}.",
                    e);
        } catch (IOException e) {
            throw new ModelFileException("settings '" + file + "' cannot be read: " + IoReason.of(e), e);
        }
    }

    private static <T> Optional<T> text(JsonNode root, Path file, String key, Function<String, T> reader) {
        if (!root.has(key)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(root.get(key).asText()));
        } catch (IllegalArgumentException e) {
            throw new ModelFileException("settings '" + file + "', \"" + key + "\": " + e.getMessage(), e);
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name) {
        String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is unknown; expected one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }
}
