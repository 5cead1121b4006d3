package org.cam4j.engine;

import java.util.Optional;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs one network.
 *
 * <p>Safe for any number of threads: concurrent runs give the same bits as sequential ones. Holds native memory until it is
 * closed; closing waits for runs under way, and every later run throws {@link IllegalStateException}.
 */
public interface Engine extends AutoCloseable {

    /**
     * What runs, for log lines and reports.
     *
     * @return a short name such as {@code DL4J 1.0.0-M2.1 (CPU)}
     */
    String name();

    /**
     * Runs a batch that lies on the host.
     *
     * @param images preprocessed images [n, height, width, channels], row-major, as many as fill the array; not modified
     * @param height rows of each image
     * @param width columns of each image
     * @param channels channels of each image
     * @return what the network made of them
     * @throws IllegalStateException if the engine is closed
     */
    Activations run(float[] images, int height, int width, int channels);

    /**
     * Runs a batch that lies on the ND4J backend's device.
     *
     * @param images preprocessed images [n, height, width, channels], float; neither modified nor kept
     * @return what the network made of them
     * @throws IllegalStateException if the engine is closed
     */
    Activations run(INDArray images);

    /**
     * Shows the packed weights to whoever keeps them, and frees nothing meanwhile.
     *
     * @param reader gets what {@code Engines} takes in place of packing again; nothing from engines that pack nothing. The memory
     *     is the engine's: good until the reader returns
     * @throws IllegalStateException if the engine is closed
     */
    default void showPacking(Consumer<Optional<Packing>> reader) {
        reader.accept(Optional.empty());
    }

    /** Frees the network's memory. Activations that were handed out stay valid. */
    @Override
    void close();
}
