package org.cam4j.onnx.settings;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.JsonFault;
import org.cam4j.exception.ModelFileException;
import org.cam4j.image.ChannelOrder;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;

/** JSON files beside a model, whose names say what wrote them. */
final class Config {

    private static final long LARGEST = 16 << 20;
    private static final double LEVELS = 255;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Config() {}

    /**
     * Reads a file.
     *
     * @return its object; empty if there is no such file, or it is no object
     * @throws ModelFileException if it is too large or no JSON
     */
    static Optional<JsonNode> read(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new ModelFileException("the model's configuration '" + file
                        + "' is larger than 16 MiB; expected some settings. Move it elsewhere.");
            }
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            return Optional.ofNullable(root).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            throw new ModelFileException(
                    "the model's configuration '" + file + "' is no JSON: " + JsonFault.of(e)
                            + ". Mend it, or move it elsewhere.",
                    e);
        } catch (IOException e) {
            throw new ModelFileException(
                    "the model's configuration '" + file + "' cannot be read: " + IoReason.of(e), e);
        }
    }

    /**
     * Returns {@code (pixel · factor - mean) / deviation}.
     *
     * @param factor of pixels in [0, 255]
     * @return empty if mean or deviation are not one or three numbers each
     */
    static Optional<Preprocessing> normalized(JsonNode mean, JsonNode deviation, double factor) {
        List<Double> means = numbers(mean);
        List<Double> deviations = numbers(deviation);
        boolean isOfColours = means.size() == 3 || means.size() == 1;
        if (!isOfColours || deviations.size() != means.size()) {
            return Optional.empty();
        }
        List<Double> scales = new ArrayList<>();
        List<Double> offsets = new ArrayList<>();
        for (int i = 0; i < means.size(); i++) {
            scales.add(factor / deviations.get(i));
            offsets.add(-means.get(i) / deviations.get(i));
        }
        try {
            return Optional.of(
                    new Preprocessing(means.size() == 1 ? ChannelOrder.GREY : ChannelOrder.RGB, scales, offsets));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns Pillow's filter of a name; empty if it has none of these, such as timm's "random". */
    static Optional<Interpolation> filter(String name) {
        return switch (name) {
            case "bicubic" -> Optional.of(Interpolation.BICUBIC);
            case "bilinear" -> Optional.of(Interpolation.SMOOTH_BILINEAR);
            case "lanczos" -> Optional.of(Interpolation.LANCZOS);
            default -> Optional.empty();
        };
    }

    static double perLevel() {
        return 1 / LEVELS;
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode number : array) {
            if (number.isNumber()) {
                numbers.add(number.doubleValue());
            }
        }
        return numbers;
    }
}
