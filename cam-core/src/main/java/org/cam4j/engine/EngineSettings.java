package org.cam4j.engine;

import java.util.Optional;

/**
 * What an application may say about how its networks are run.
 *
 * @param engine which engine, by the name of its provider; empty for the fastest that runs the network
 * @param threads processor cores to use at most, at least 1
 * @param maxBytes the most memory that a network's values may need at the same time, for one image; positive
 */
public record EngineSettings(Optional<String> engine, int threads, long maxBytes) {

    /** 4 GiB: the activations of VGG19 for an image of 2,900x2,900. */
    public static final long STANDARD_BYTES = 4L << 30;

    /** Checks that both numbers are positive. */
    public EngineSettings {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads: at least 1 is needed");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException(maxBytes + " bytes for a network's values: at least 1 is needed");
        }
    }

    /**
     * The fastest engine on all cores that the JVM may use.
     *
     * @return the settings
     */
    public static EngineSettings standard() {
        return new EngineSettings(Optional.empty(), Runtime.getRuntime().availableProcessors(), STANDARD_BYTES);
    }

    /**
     * The same with another number of threads.
     *
     * @param other cores to use at most
     * @return new settings
     */
    public EngineSettings withThreads(int other) {
        return new EngineSettings(engine, other, maxBytes);
    }

    /**
     * The same with an engine of choice.
     *
     * @param name of its provider, such as {@code oneDNN}, {@code ND4J} or {@code Java}
     * @return new settings
     */
    public EngineSettings withEngine(String name) {
        return new EngineSettings(Optional.of(name), threads, maxBytes);
    }

    /**
     * The same with another bound of memory.
     *
     * @param other the most bytes that a network's values may need at the same time
     * @return new settings
     */
    public EngineSettings withMaxBytes(long other) {
        return new EngineSettings(engine, threads, other);
    }
}
