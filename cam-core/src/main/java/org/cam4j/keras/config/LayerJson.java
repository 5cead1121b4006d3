package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Predicate;

/** Rewrites what Keras 3 writes about a layer to what Keras 2 writes. */
public final class LayerJson {

    /** Classes that TensorFlow renamed, or that differ in training alone. */
    private static final Map<String, String> ALSO_CALLED = Map.of(
            "BatchNormalizationV1", "BatchNormalization",
            "BatchNormalizationV2", "BatchNormalization",
            "SyncBatchNormalization", "BatchNormalization");

    /** Keras 3's names and Keras 2's. */
    private static final Map<String, String> RENAMED = Map.of("batch_shape", LayerConfig.INPUT_SHAPE);

    /** What stands before the class of an operation. */
    static final String OPERATION = "ops.";

    private LayerJson() {}

    /**
     * The class of a layer; an operation of Keras 3, which is no layer, is {@code ops.} and its class.
     *
     * @param layer the layer's JSON with {@code class_name}, {@code module} and {@code config}
     */
    public static String className(JsonNode layer) {
        return className(layer, name -> true);
    }

    /**
     * The same of a layer of a model in a file, which may be an operation.
     *
     * @param isLayer whether a class is a layer's even where a file has none of the settings that layers have
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

    /** Whether it is an operation of Keras 3, such as {@code keras.ops.add}: in files, operations are not counted as layers. */
    static boolean isOperation(JsonNode layer, Predicate<String> isLayer) {
        if (layer.has("module")) {
            return layer.get("module").asText().contains(".ops.");
        }
        // In .h5 files nothing but the settings that a layer has tells the operation Add from the layer Add.
        return layer.path("inbound_nodes").path(0).has("args")
                && !layer.path("config").has("trainable")
                && !isLayer.test(layer.path("class_name").asText());
    }

    /** The configuration in Keras 2's words; the original is not modified. */
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
