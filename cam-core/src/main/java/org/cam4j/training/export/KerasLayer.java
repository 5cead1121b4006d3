package org.cam4j.training.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * One layer of a functional Keras model.
 *
 * @param className Keras' class
 * @param name the layer's name, unique in the model
 * @param config what both Keras 2 and Keras 3 understand, without name and dtype
 * @param rank axes of the layer's output, the batch included: 4 for maps, 2 for vectors
 * @param inputs names of the layers that it reads
 * @param weights in Keras' order
 */
record KerasLayer(
        String className, String name, ObjectNode config, int rank, List<String> inputs, List<KerasWeight> weights) {

    KerasLayer {
        inputs = List.copyOf(inputs);
        weights = List.copyOf(weights);
    }

    boolean isInput() {
        return inputs.isEmpty();
    }

    /** Keras 3's name of the class in a file of weights: {@code GlobalAveragePooling2D} is {@code global_average_pooling2d}. */
    String snakeName() {
        return className
                .replaceAll("\\W+", "")
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }
}
