package org.cam4j.keras;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.cam4j.exception.UnsupportedModelException;

/** What stands against building a sound model: collected, so that one message names every layer. */
final class Refusals {

    private final Map<String, String> reasons = new LinkedHashMap<>();

    void add(LayerNode node, String reason) {
        reasons.putIfAbsent(node.name(), node.config() + ": " + reason);
    }

    /**
     * Refuses the model if anything stands against it.
     *
     * @throws UnsupportedModelException naming every layer
     */
    void throwIfAny() {
        if (!reasons.isEmpty()) {
            throw new UnsupportedModelException((reasons.size() == 1 ? "1 layer" : reasons.size() + " layers")
                    + " cannot be built exactly: "
                    + reasons.values().stream().collect(Collectors.joining("; "))
                    + ". Replace them in Keras by supported layers and save the model again, or supply them with"
                    + " KerasReader.withLayer.");
        }
    }
}
