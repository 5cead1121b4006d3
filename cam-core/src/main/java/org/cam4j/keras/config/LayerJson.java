package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Predicate;

/** Converts a layer's JSON of Keras 3 to that of Keras 2. */
public final class LayerJson {

    /** Classes that TensorFlow renamed, or that differ only in training, and Keras' equivalent classes. */
    private static final Map<String, String> ALSO_CALLED = Map.of(
            "BatchNormalizationV1", "BatchNormalization",
            "BatchNormalizationV2", "BatchNormalization",
            "SyncBatchNormalization", "BatchNormalization");

    /** Keras 3's names and Keras 2's. */
    private static final Map<String, String> RENAMED = Map.of("batch_shape", LayerConfig.INPUT_SHAPE);

    /** Prefix of an operation's class. */
    static final String OPERATION = "ops.";

    private LayerJson() {}

    /**
     * Returns the class of a layer. For an operation of Keras 3, which is no layer, this is {@code ops.} and its class.
     *
     * @param layer the layer's JSON with {@code class_name}, {@code module} and {@code config}
     */
    public static String className(JsonNode layer) {
        return className(layer, name -> true);
    }

    /**
     * Returns the class of a layer or operation in a model's file.
     *
     * @param isLayer whether a class is a layer's even if the file has none of the settings that layers have
     */
    public static String className(JsonNode layer, Predicate<String> isLayer) {
        String name = layer.path("class_name").asText();
        if (isOperation(layer, isLayer) && !name.isEmpty()) {
            return OPERATION + name;
        }
        // A class of the application's own may have the name of one of Keras' classes; .h5 files have the package in
        // class_name.
        String registered = layer.path("registered_name").asText();
        return registered.endsWith(">" + name) ? registered : ALSO_CALLED.getOrDefault(name, name);
    }

    /** Whether the JSON is an operation of Keras 3, such as {@code keras.ops.add}: files do not number operations as layers. */
    static boolean isOperation(JsonNode layer, Predicate<String> isLayer) {
        if (layer.has("module")) {
            return layer.get("module").asText().contains(".ops.");
        }
        // In .h5 files only the settings that layers have tell the layer Add from the operation Add.
        return layer.path("inbound_nodes").path(0).has("args")
                && !layer.path("config").has("trainable")
                && !isLayer.test(layer.path("class_name").asText());
    }

    /** Returns the configuration with Keras 2's names; the original is not modified. */
    public static ObjectNode config(String className, ObjectNode original) {
        ObjectNode config = original.deepCopy();
        RENAMED.forEach((name, earlier) -> rename(config, name, earlier));
        if (className.equals("LeakyReLU")) {
            rename(config, "negative_slope", "alpha");
        }
        // A function is a text in Keras 2, an object that names it in Keras 3.
        JsonNode function = config.path("activation");
        if (function.path("class_name").asText().equals("function")
                && function.path("config").isTextual()) {
            config.set("activation", function.get("config"));
        }
        return config;
    }

    private static void rename(ObjectNode config, String name, String earlier) {
        if (config.has(name) && !config.has(earlier)) {
            config.set(earlier, config.remove(name));
        }
    }
}
