package org.cam4j.keras.config;

import java.util.Optional;
import org.cam4j.keras.hdf5.TensorShape;

/** What is left in a layer of having been in a model with channels first, whose images are [n, c, h, w]. */
public final class ChannelsFirst {

    /** In the configuration of a rewritten layer: what Keras did along the last axis of a map, it did along the columns. */
    public static final String REWRITTEN = "cam4j_channels_first";

    private ChannelsFirst() {}

    /** The objection to a layer that works along the last axis of a map. */
    public static Optional<String> unlessVector(LayerConfig config, TensorShape input) {
        return input.isMap() && config.flag(REWRITTEN, false)
                ? Optional.of("along the columns of a map " + input + ", in a model with channels first")
                : Optional.empty();
    }
}
