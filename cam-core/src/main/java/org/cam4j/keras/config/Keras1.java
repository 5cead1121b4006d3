package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;

/**
 * Converts layers of Keras 1 to Keras 2's settings, by the changes with which Keras 2.0 read such files.
 *
 * <p>Supports only models with {@code dim_ordering="tf"}: for the other order, the file does not say in which order its kernels lie.
 */
final class Keras1 {

    private static final Map<String, String> CLASSES = Map.of(
            "Convolution2D", "Conv2D",
            "AtrousConvolution2D", "Conv2D",
            "SeparableConvolution2D", "SeparableConv2D");

    private static final Map<String, String> SETTINGS = Map.of(
            "nb_filter", "filters",
            "subsample", "strides",
            "border_mode", "padding",
            "atrous_rate", "dilation_rate",
            "bias", "use_bias",
            "output_dim", "units",
            "p", "rate",
            "sigma", "stddev");

    private static final Map<String, String> MERGES = Map.of(
            "sum", "Add",
            "mul", "Multiply",
            "ave", "Average",
            "max", "Maximum",
            "concat", "Concatenate");

    private static final String CLASS_NAME = "class_name";
    private static final String ORDERING = "dim_ordering";
    private static final String PADDING = "padding";

    private Keras1() {}

    static boolean wrote(Architecture architecture) {
        return architecture.kerasVersion().orElse("").startsWith("1.");
    }

    /**
     * Converts a model and its nested models in place.
     *
     * @throws UnsupportedModelException if the order of a layer's weights is not known
     */
    static void translate(JsonNode model) {
        JsonNode config = model.path("config");
        for (JsonNode layer : config.isArray() ? config : config.path("layers")) {
            if (layer.path("config").isArray() || layer.path("config").has("layers")) {
                translate(layer);
            } else if (layer instanceof ObjectNode json && layer.path("config") instanceof ObjectNode settings) {
                layer(json, settings);
            }
        }
    }

    private static void layer(ObjectNode layer, ObjectNode config) {
        String className = layer.path(CLASS_NAME).asText();
        layer.put(CLASS_NAME, CLASSES.getOrDefault(className, className));
        SETTINGS.forEach((earlier, name) -> {
            if (config.has(earlier)) {
                config.set(name, config.remove(earlier));
            }
        });
        if (config.has("nb_row")) {
            ArrayNode size = config.putArray("kernel_size");
            size.add(config.remove("nb_row")).add(config.remove("nb_col"));
        }
        if (config.has(ORDERING)) {
            requireChannelsLast(className, config);
            config.remove(ORDERING);
            config.put("data_format", "channels_last");
        }
        switch (className) {
            case "Merge" -> merge(layer, config);
            case "ZeroPadding2D" -> borders(config);
            case "BatchNormalization" -> {
                if (config.path("mode").asInt() != 0) {
                    throw new UnsupportedModelException(named(className, config) + " has the mode "
                            + config.path("mode").asInt() + ", which normalizes each batch or photo by itself:"
                            + " replace it by a BatchNormalization of mode 0.");
                }
            }
            default -> {
                // Only names changed.
            }
        }
    }

    private static void requireChannelsLast(String className, JsonNode config) {
        if (!config.path(ORDERING).asText().equals("tf")) {
            throw new UnsupportedModelException(named(className, config) + " of Keras 1 has dim_ordering='"
                    + Quoted.cut(config.path(ORDERING).asText())
                    + "', for which the file does not say how kernels lie: load the model in Keras 2.0 to 2.2 and save it"
                    + " again.");
        }
    }

    private static void merge(ObjectNode layer, ObjectNode config) {
        String className = MERGES.get(config.path("mode").asText());
        if (className != null) {
            layer.put(CLASS_NAME, className);
            config.set("axis", config.path("concat_axis"));
        }
    }

    /** Converts four sides to pairs of rows and columns; two numbers stay. */
    private static void borders(ObjectNode config) {
        JsonNode padding = config.path(PADDING);
        if (padding.size() == 4) {
            ArrayNode sides = config.putArray(PADDING);
            sides.addArray().add(padding.get(0)).add(padding.get(1));
            sides.addArray().add(padding.get(2)).add(padding.get(3));
        }
    }

    private static String named(String className, JsonNode config) {
        return "layer " + Quoted.of(config.path("name").asText()) + " (" + Quoted.cut(className) + ")";
    }
}
