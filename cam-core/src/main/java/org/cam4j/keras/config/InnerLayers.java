package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Layers inside a layer that is no model: those of a {@code Pipeline}, run one after the other, or the one inside a wrapper that acts only
 * in training. The wrapper {@code SpectralNormalization} divides its layer's kernel by the largest singular value in training, and stores
 * the divided kernel.
 *
 * @param layers the inner layers' JSON
 * @param numbered whether {@code .keras} files number the inner layers like a model's layers; if not, the only one is in the group "layer"
 */
public record InnerLayers(List<JsonNode> layers, boolean numbered) {

    private static final String PIPELINE = "Pipeline";
    private static final Set<String> WRAPPERS = Set.of("SpectralNormalization", "Addons>SpectralNormalization");

    public static boolean areIn(String className) {
        return className.equals(PIPELINE) || WRAPPERS.contains(className);
    }

    /** Returns a layer's inner layers, if it has any. */
    static Optional<InnerLayers> of(JsonNode layer) {
        String className = LayerJson.className(layer);
        JsonNode config = layer.path("config");
        if (className.equals(PIPELINE)) {
            return Optional.of(new InnerLayers(
                    StreamSupport.stream(config.path("layers").spliterator(), false)
                            .toList(),
                    true));
        }
        return WRAPPERS.contains(className)
                ? Optional.of(new InnerLayers(List.of(config.path("layer")), false))
                : Optional.empty();
    }
}
