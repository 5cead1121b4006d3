package org.cam4j.keras.config;

import java.util.Optional;
import org.cam4j.keras.hdf5.TensorShape;

/** Marks rewritten layers of models with channels first, whose images are [n, c, h, w]. */
public final class ChannelsFirst {

    /** Key in a rewritten layer's configuration: what Keras computed along a map's last axis ran along its columns. */
    public static final String REWRITTEN = "cam4j_channels_first";

    private ChannelsFirst() {}

    /** Returns the objection to a layer that works along the last axis of a map. */
    public static Optional<String> unlessVector(LayerConfig config, TensorShape input) {
        return input.isMap() && config.flag(REWRITTEN, false)
                ? Optional.of("along the columns of a map " + input + ", in a model with channels first")
                : Optional.empty();
    }
}
