package org.cam4j.keras;

import java.util.Map;
import java.util.Optional;

/**
 * What a Keras file holds, whatever its format: the model's configuration and every layer's weights.
 *
 * <p>Values stay in the file until a {@link StoredTensor} is read. Every method refuses damage with a {@link
 * org.cam4j.exception.ModelFileException}.
 */
sealed interface KerasArchive extends AutoCloseable permits Hdf5Archive {

    /** The model's configuration, JSON. */
    String config();

    /** The version of Keras that wrote the file, where it says. */
    Optional<String> kerasVersion();

    /** The weights of one layer by Keras' names ({@code kernel}, {@code bias}, ...), in Keras' order; empty if there are none. */
    Map<String, StoredTensor> weights(LayerNode.WeightsAddress address);

    @Override
    void close();
}
