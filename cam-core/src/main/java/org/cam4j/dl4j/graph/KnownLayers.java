package org.cam4j.dl4j.graph;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What the file that a graph was read from says of its layers. A DL4J configuration keeps no shapes, and its classes are not always
 * those of Keras: a {@code Dense} on a map is a convolution there.
 *
 * @param imageChannels channels of an image; empty where only the layers tell
 * @param classes Keras' classes by the names of vertices, as far as they are known
 */
public record KnownLayers(OptionalInt imageChannels, Map<String, String> classes) {

    /** Of a graph that no file tells about. */
    public static final KnownLayers NONE = new KnownLayers(OptionalInt.empty(), Map.of());

    /** Copies the map. */
    public KnownLayers {
        Objects.requireNonNull(imageChannels, "imageChannels");
        classes = Map.copyOf(classes);
    }
}
