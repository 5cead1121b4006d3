package org.cam4j.keras.file;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.config.Architecture;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.StoredTensor;

/**
 * What a Keras file holds, whatever its format: the model's configuration and every layer's weights.
 *
 * <p>Values stay in the file until a {@link StoredTensor} is read. Every method refuses damage with a {@link
 * org.cam4j.exception.ModelFileException}.
 */
public sealed interface KerasArchive extends AutoCloseable permits NamedArchive, NumberedArchive {

    /** The model's configuration, JSON. */
    String config();

    /** The version of Keras that wrote the file, where it says. */
    Optional<String> kerasVersion();

    /** What the model is, without its weights. */
    default Architecture architecture() {
        return new Architecture(config(), kerasVersion());
    }

    /** The names of the outermost model's layers, in order; none where the format does not keep them. */
    List<String> layerNames();

    /**
     * The weights of one layer; none if the file has none for it.
     *
     * @param address where they are
     * @param names Keras' names of the weights that the layer must have, in Keras' order
     * @return what is there, by names; those of {@code names} where they can be told
     */
    Map<String, StoredTensor> weights(LayerNode.WeightsAddress address, List<String> names);

    @Override
    void close();
}
