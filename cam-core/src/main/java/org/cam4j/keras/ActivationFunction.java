package org.cam4j.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** The activation functions that DL4J computes as Keras does, by name. */
final class ActivationFunction {

    static final String LINEAR = "linear";
    static final String SOFTMAX = "softmax";

    /** Keras' names and what DL4J's importer calls them. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry(LINEAR, LINEAR),
            Map.entry(SOFTMAX, SOFTMAX),
            Map.entry("relu", "relu"),
            Map.entry("relu6", "relu6"),
            Map.entry("elu", "elu"),
            Map.entry("selu", "selu"),
            Map.entry("tanh", "tanh"),
            Map.entry("sigmoid", "sigmoid"),
            Map.entry("hard_sigmoid", "hard_sigmoid"),
            Map.entry("softplus", "softplus"),
            Map.entry("softsign", "softsign"),
            Map.entry("swish", "swish"),
            Map.entry("silu", "swish"));

    private ActivationFunction() {}

    /** The importer's name of a layer's activation; linear where it has none. */
    static String of(LayerConfig config) {
        return NAMES.getOrDefault(config.text("activation", LINEAR), LINEAR);
    }

    /** Why a layer's activation cannot be built. */
    static Optional<String> objection(LayerConfig config) {
        JsonNode activation = config.get("activation");
        if (activation.isMissingNode() || activation.isNull() || NAMES.containsKey(activation.asText())) {
            return Optional.empty();
        }
        return Optional.of("activation " + (activation.isTextual() ? Quoted.of(activation.asText()) : "of its own"));
    }

    /** Why a layer's activation cannot be built on an output of that shape. */
    static Optional<String> objection(LayerConfig config, Shape output) {
        return of(config).equals(SOFTMAX) && !output.isVector()
                ? Optional.of("softmax over the channels of a map " + output)
                : Optional.empty();
    }
}
