package org.cam4j.dl4j.graph;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.plan.operation.WeightArray;

/**
 * The file's facts about the layers of a graph. A DL4J configuration has no shapes, and its classes differ from those of Keras: a
 * {@code Dense} on a map is a convolution there.
 *
 * @param imageChannels channels of an image; empty if only the layers show them
 * @param classes Keras' classes by vertex name, as far as known
 * @param weights parameters that a plan reads from the file, not from the graph; by vertex name and DL4J's name, row-major in DL4J's shape
 */
public record KnownLayers(
        OptionalInt imageChannels, Map<String, String> classes, Map<String, Map<String, WeightArray>> weights) {

    /** The facts about a graph without a file: none. */
    public static final KnownLayers NONE = new KnownLayers(OptionalInt.empty(), Map.of(), Map.of());

    /** Copies the maps. */
    public KnownLayers {
        Objects.requireNonNull(imageChannels, "imageChannels");
        classes = Map.copyOf(classes);
        weights = Map.copyOf(weights);
    }

    /** Returns a parameter in the file; empty if only the graph has it. */
    Optional<WeightArray> weights(String vertex, String parameter) {
        return Optional.ofNullable(weights.getOrDefault(vertex, Map.of()).get(parameter));
    }
}
