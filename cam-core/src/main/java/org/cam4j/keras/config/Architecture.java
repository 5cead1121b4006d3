package org.cam4j.keras.config;

import java.util.Optional;

/**
 * A model without its weights.
 *
 * @param config the configuration, JSON
 * @param kerasVersion the version of Keras that wrote the configuration; empty if not named
 */
public record Architecture(String config, Optional<String> kerasVersion) {

    /** Reads the JSON of {@code model.to_json()}; Keras 3 does not name its version there. */
    public static Architecture of(String json, ConfigLimits limits) {
        String version = ModelJson.parse(json, limits).path("keras_version").asText();
        return new Architecture(json, Optional.of(version).filter(text -> !text.isEmpty()));
    }
}
