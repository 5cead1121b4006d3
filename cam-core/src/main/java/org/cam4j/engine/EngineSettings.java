package org.cam4j.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * Settings of an application for running its networks.
 *
 * @param engine the name of the engine's provider; empty for the fastest engine that runs the network
 * @param threads processor cores to use at most, 1 to {@value #MOST_THREADS}
 * @param maxBytes the memory that a network's values may need at the same time for one image, at most; positive
 * @param precision how numbers are stored and multiplied
 * @param group the engines that share threads with these
 */
public record EngineSettings(
        Optional<String> engine, int threads, long maxBytes, Precision precision, EngineGroup group) {

    /** 4 GiB: the activations of VGG19 for an image of 2,900x2,900. */
    public static final long STANDARD_BYTES = 4L << 30;

    /** OpenMP, whose threads oneDNN uses, keeps a few hundred bytes for each on the caller's stack: thousands overflow it. */
    public static final int MOST_THREADS = 1024;

    /** Checks that the numbers are in range, and that there are a precision and a group. */
    public EngineSettings {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    threads + " threads: at least 1 is needed, and at most " + MOST_THREADS + " are allowed");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException(maxBytes + " bytes for a network's values: at least 1 is needed");
        }
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(group, "group");
    }

    /**
     * Creates settings of single precision and a new group.
     *
     * @param engine the name of the engine's provider; empty for the fastest engine that runs the network
     * @param threads processor cores to use at most, 1 to {@value #MOST_THREADS}
     * @param maxBytes the memory that a network's values may need at the same time for one image, at most; positive
     */
    public EngineSettings(Optional<String> engine, int threads, long maxBytes) {
        this(engine, threads, maxBytes, Precision.FLOAT32, new EngineGroup());
    }

    /**
     * Returns the default: the fastest engine, all cores that the JVM may use, {@link #STANDARD_BYTES},
     * {@link Precision#FLOAT32}, a new group.
     *
     * @return the settings
     */
    public static EngineSettings standard() {
        return new EngineSettings(
                Optional.empty(), Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS), STANDARD_BYTES);
    }

    /**
     * Returns the same settings with another number of threads.
     *
     * @param other cores to use at most
     * @return new settings
     */
    public EngineSettings withThreads(int other) {
        return new EngineSettings(engine, other, maxBytes, precision, group);
    }

    /**
     * Returns the same settings with a named engine.
     *
     * @param name of its provider, such as {@code oneDNN}, {@code ND4J} or {@code Java}
     * @return new settings
     */
    public EngineSettings withEngine(String name) {
        return new EngineSettings(Optional.of(name), threads, maxBytes, precision, group);
    }

    /**
     * Returns the same settings with another memory limit.
     *
     * @param other bytes that a network's values may need at the same time, at most
     * @return new settings
     */
    public EngineSettings withMaxBytes(long other) {
        return new EngineSettings(engine, threads, other, precision, group);
    }

    /**
     * Returns the same settings with another precision.
     *
     * @param other how numbers are stored and multiplied
     * @return new settings
     */
    public EngineSettings withPrecision(Precision other) {
        return new EngineSettings(engine, threads, maxBytes, other, group);
    }

    /**
     * Returns the same settings for engines that share threads with others.
     *
     * @param other the engines
     * @return new settings
     */
    public EngineSettings withGroup(EngineGroup other) {
        return new EngineSettings(engine, threads, maxBytes, precision, other);
    }
}
