package org.cam4j.keras.file;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.config.Architecture;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.StoredTensor;

/**
 * The content of a Keras file of any format: the model's configuration and every layer's weights.
 *
 * <p>Values stay in the file until a {@link StoredTensor} is read. Every method refuses damage with a {@link
 * org.cam4j.exception.ModelFileException}.
 */
public sealed interface KerasArchive extends AutoCloseable permits NamedArchive, NumberedArchive {

    /** Returns the model's configuration, JSON. */
    String config();

    /** Returns the version of Keras that wrote the file; empty if the file does not name it. */
    Optional<String> kerasVersion();

    /** Returns the model without its weights. */
    default Architecture architecture() {
        return new Architecture(config(), kerasVersion());
    }

    /** Returns the names of the outermost model's layers, in order; none if the format does not keep them. */
    List<String> layerNames();

    /**
     * Returns the weights of one layer; empty if the file has none for the layer.
     *
     * @param address the weights' place in the file
     * @param names Keras' names of the weights that the layer must have, in Keras' order
     * @return the weights found, by name; the names are those of {@code names} if the weights can be matched to them
     */
    Map<String, StoredTensor> weights(LayerNode.WeightsAddress address, List<String> names);

    @Override
    void close();
}
