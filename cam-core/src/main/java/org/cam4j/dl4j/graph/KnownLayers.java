package org.cam4j.dl4j.graph;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The file's facts about the layers of a graph. A DL4J configuration has no shapes, and its classes differ from those of Keras: a
 * {@code Dense} on a map is a convolution there.
 *
 * @param imageChannels channels of an image; empty if only the layers show them
 * @param classes Keras' classes by vertex name, as far as known
 */
public record KnownLayers(OptionalInt imageChannels, Map<String, String> classes) {

    /** The facts about a graph without a file: none. */
    public static final KnownLayers NONE = new KnownLayers(OptionalInt.empty(), Map.of());

    /** Copies the map. */
    public KnownLayers {
        Objects.requireNonNull(imageChannels, "imageChannels");
        classes = Map.copyOf(classes);
    }
}
