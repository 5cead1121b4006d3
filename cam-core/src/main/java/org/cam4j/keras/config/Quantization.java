package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cam4j.exception.Listed;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;

/** Refuses models whose weights Keras 3's {@code model.quantize(...)} converted to small whole numbers. */
public final class Quantization {

    /** {@code int8_from_float32}, as the first versions wrote it. */
    private static final Pattern POLICY = Pattern.compile("(\\w+?)(/[^_]*)?_from_\\w+");

    private Quantization() {}

    /**
     * Checks every layer's data type.
     *
     * @throws UnsupportedModelException if layers are quantized; the message names them
     */
    public static void requireNone(LayerGraph graph) {
        List<LayerNode> quantized = graph.nodes().stream()
                .filter(node -> mode(node.config()).isPresent())
                .toList();
        if (quantized.isEmpty()) {
            return;
        }
        List<String> names =
                quantized.stream().map(node -> node.config().toString()).toList();
        String mode = mode(quantized.get(0).config()).orElseThrow();
        throw new UnsupportedModelException(
                "its weights are quantized to " + mode + " in " + Listed.of(names)
                        + ": a class activation map is of the weights before. Save the model before"
                        + " model.quantize('" + mode + "') is called on it.",
                names);
    }

    private static Optional<String> mode(LayerConfig config) {
        JsonNode type = config.get("dtype");
        JsonNode policy = type.path("config");
        String mode = policy.path("mode").asText();
        if (mode.isEmpty()) {
            Matcher named = POLICY.matcher(type.asText(policy.path("name").asText()));
            mode = named.matches() ? named.group(1) : "";
        }
        return mode.isEmpty() ? Optional.empty() : Optional.of(Quoted.cut(mode.replaceFirst("/.*", "")));
    }
}
