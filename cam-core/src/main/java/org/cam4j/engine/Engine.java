package org.cam4j.engine;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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
     * Runs a batch.
     *
     * @param images preprocessed images; neither modified nor kept
     * @param wanted names of the plan's outputs that are needed
     * @return these outputs
     * @throws IllegalArgumentException if the images are of another size than the network takes, or there is no such output
     * @throws IllegalStateException if the engine is closed
     */
    Values run(Batch images, Set<String> wanted);

    /**
     * Shows the packed weights to a caller that keeps them, and frees nothing meanwhile.
     *
     * @param reader gets what {@code Engines} takes in place of packing again; nothing from engines that pack nothing. The memory
     *     is the engine's: good until the reader returns
     * @throws IllegalStateException if the engine is closed
     */
    default void showPacking(Consumer<Optional<Packing>> reader) {
        reader.accept(Optional.empty());
    }

    /** Frees the network's memory. Values that were handed out stay valid. */
    @Override
    void close();
}
