package org.cam4j.keras;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * A custom layer that one of Keras' layers stands for.
 *
 * @param className Keras' class
 * @param config its settings
 */
record LikeKeras(String className, Map<String, Object> config) implements CustomLayer {

    private static final ObjectMapper JSON = new ObjectMapper();

    LikeKeras {
        Objects.requireNonNull(className, "className");
        config = Map.copyOf(config);
    }

    ObjectNode json() {
        return JSON.valueToTree(config);
    }

    @Override
    public GraphVertex vertex(Map<String, Object> ignored, List<long[]> inputs) {
        throw new IllegalStateException(className + " is put in the layer's place");
    }
}
