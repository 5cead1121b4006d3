package org.cam4j.engine;

/**
 * What an application may say about how its networks are run.
 *
 * @param kind which engine
 * @param threads processor cores to use at most, at least 1
 * @param maxBytes the most memory that a network's values may need at the same time, for one image; positive
 */
public record EngineSettings(Kind kind, int threads, long maxBytes) {

    /** 4 GiB: the activations of VGG19 for an image of 2,900x2,900. */
    public static final long STANDARD_BYTES = 4L << 30;

    /** The engines. */
    public enum Kind {
        /** ND4J on a GPU where its CUDA backend is on the classpath, otherwise oneDNN where it can run the network, or else ND4J. */
        FASTEST,
        /** ND4J's backend, whichever it is. */
        ND4J
    }

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
        return new EngineSettings(Kind.FASTEST, Runtime.getRuntime().availableProcessors(), STANDARD_BYTES);
    }

    /**
     * The same with another number of threads.
     *
     * @param other cores to use at most
     * @return new settings
     */
    public EngineSettings withThreads(int other) {
        return new EngineSettings(kind, other, maxBytes);
    }

    /**
     * The same with another engine.
     *
     * @param other which engine
     * @return new settings
     */
    public EngineSettings withKind(Kind other) {
        return new EngineSettings(other, threads, maxBytes);
    }

    /**
     * The same with another bound of memory.
     *
     * @param other the most bytes that a network's values may need at the same time
     * @return new settings
     */
    public EngineSettings withMaxBytes(long other) {
        return new EngineSettings(kind, threads, other);
    }
}
