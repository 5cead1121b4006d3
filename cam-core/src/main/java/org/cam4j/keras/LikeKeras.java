package org.cam4j.keras;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;

/**
 * A Keras layer with its settings that replaces a custom layer computing the same.
 *
 * @param className Keras' class
 * @param config the layer's settings as Keras would write them: numbers, texts, booleans, lists of them
 */
public record LikeKeras(String className, Map<String, Object> config) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the settings. */
    public LikeKeras {
        Objects.requireNonNull(className, "className");
        config = Map.copyOf(config);
    }

    ObjectNode json() {
        return JSON.valueToTree(config);
    }
}
