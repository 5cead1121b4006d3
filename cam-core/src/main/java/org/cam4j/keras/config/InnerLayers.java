package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The layers that a layer runs one after the other and that are no model: those of a {@code Pipeline}, and the one of a wrapper that
 * does something of its own only in training. {@code SpectralNormalization} divides its layer's kernel by the kernel's largest singular
 * value when it is trained, and stores the kernel divided.
 *
 * @param layers their JSON
 * @param numbered whether {@code .keras} files count them like the layers of a model; otherwise there is one, in the group "layer"
 */
public record InnerLayers(List<JsonNode> layers, boolean numbered) {

    private static final String PIPELINE = "Pipeline";
    private static final Set<String> WRAPPERS = Set.of("SpectralNormalization", "Addons>SpectralNormalization");

    public static boolean areIn(String className) {
        return className.equals(PIPELINE) || WRAPPERS.contains(className);
    }

    /** Those of a layer, if it has such. */
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
