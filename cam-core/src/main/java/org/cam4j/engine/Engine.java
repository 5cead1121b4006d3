package org.cam4j.engine;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cam4j.plan.InferencePlan;

/**
 * Runs one network.
 *
 * <p>Thread-safe: concurrent runs give the same bits as sequential ones. An engine holds native memory until it is closed. Closing
 * waits for current runs; every later run throws {@link IllegalStateException}.
 */
public interface Engine extends AutoCloseable {

    /**
     * Returns the engine's name for log lines and reports.
     *
     * @return a short name such as {@code DL4J 1.0.0-M2.1 (CPU)}
     */
    String name();

    /**
     * Runs a batch.
     *
     * @param inputs batches by the names of the plan's inputs, all of the same number n; neither modified nor kept
     * @param wanted names of the plan's outputs to return
     * @return these outputs
     * @throws IllegalArgumentException if an input is missing or has another size than the network's, or there is no such output
     * @throws IllegalStateException if the engine is closed
     */
    Values run(Map<String, Batch> inputs, Set<String> wanted);

    /**
     * Runs a batch of images through a network whose only input is {@link InferencePlan#IMAGE}.
     *
     * @param images preprocessed images; neither modified nor kept
     * @param wanted names of the plan's outputs to return
     * @return these outputs
     * @throws IllegalArgumentException if the images do not have the network's input size, or there is no such output
     * @throws IllegalStateException if the engine is closed
     */
    default Values run(Batch images, Set<String> wanted) {
        return run(Map.of(InferencePlan.IMAGE, images), wanted);
    }

    /**
     * Runs a batch whose outputs other runs read: where the engine has a device, they stay there until they are asked for or released.
     *
     * @param inputs as for {@link #run(Map, Set)}; best from {@link Values#batch}
     * @param wanted names of the plan's outputs to return
     * @return these outputs; {@linkplain Values#release released} by the caller
     */
    default Values runKeeping(Map<String, Batch> inputs, Set<String> wanted) {
        return run(inputs, wanted);
    }

    /**
     * Whether the engine has a device that samples the bytes of a {@link PixelBatch}; others take the batch too, and read its numbers.
     *
     * @return false unless overridden
     */
    default boolean takesPixels() {
        return false;
    }

    /**
     * Passes the packed weights to a reader that stores them; their memory is not freed before the reader returns.
     *
     * @param reader gets what {@link Engines} accepts instead of packing again; empty if the engine packs no weights. The memory
     *     belongs to the engine and is valid until the reader returns
     * @throws IllegalStateException if the engine is closed
     */
    default void showPacking(Consumer<Optional<Packing>> reader) {
        reader.accept(Optional.empty());
    }

    /**
     * Enlarges maps on the engine's device, by linear interpolation with half-pixel centres.
     *
     * @param maps gives [n, rows, columns], row-major; not modified, asked only if the engine has a device
     * @param rows of each map
     * @param columns of each map
     * @param height rows of the result
     * @param width columns of the result
     * @return a new array [n, height, width]; empty if the engine has no device, or no room on it
     * @throws IllegalStateException if the engine is closed
     */
    default Optional<float[]> enlarged(Supplier<float[]> maps, int rows, int columns, int height, int width) {
        return Optional.empty();
    }

    /** Frees the network's memory. Values returned earlier stay valid. */
    @Override
    void close();
}
