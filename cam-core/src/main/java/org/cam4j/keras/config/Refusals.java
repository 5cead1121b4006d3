package org.cam4j.keras.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.exception.Listed;
import org.cam4j.exception.UnsupportedModelException;

/** Collects the reasons why a model cannot be built, so that one message names every layer. */
public final class Refusals {

    private final Map<String, String> reasons = new LinkedHashMap<>();

    public void add(LayerNode node, String reason) {
        reasons.putIfAbsent(node.name(), node.config() + ": " + reason);
    }

    /**
     * Refuses the model if any reason was collected.
     *
     * @throws UnsupportedModelException with the first ten layers in the message, and all layers in its obstacles
     */
    public void throwIfAny() {
        if (reasons.isEmpty()) {
            return;
        }
        List<String> all = List.copyOf(reasons.values());
        boolean single = all.size() == 1;
        throw new UnsupportedModelException(
                (single ? "1 layer" : all.size() + " layers") + " cannot be built exactly: " + Listed.of(all, "; ")
                        + (single
                                ? ". Replace it in Keras by supported layers and save the model again, or supply it"
                                : ". Replace them in Keras by supported layers and save the model again, or supply them")
                        + " with KerasReader.withLayer.",
                all);
    }
}
