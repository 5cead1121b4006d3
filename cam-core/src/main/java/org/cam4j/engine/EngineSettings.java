package org.cam4j.engine;

/**
 * What an application may say about how its networks are run.
 *
 * @param kind which engine
 * @param threads processor cores to use at most, at least 1
 */
public record EngineSettings(Kind kind, int threads) {

    /** The engines. */
    public enum Kind {
        /** ND4J on a GPU where its CUDA backend is on the classpath, otherwise oneDNN where it can run the network, or else ND4J. */
        FASTEST,
        /** ND4J's backend, whichever it is. */
        ND4J
    }

    /** Checks the number of threads. */
    public EngineSettings {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads: at least 1 is needed");
        }
    }

    /**
     * The fastest engine on all cores that the JVM may use.
     *
     * @return the settings
     */
    public static EngineSettings standard() {
        return new EngineSettings(Kind.FASTEST, Runtime.getRuntime().availableProcessors());
    }

    /**
     * The same with another number of threads.
     *
     * @param other cores to use at most
     * @return new settings
     */
    public EngineSettings withThreads(int other) {
        return new EngineSettings(kind, other);
    }

    /**
     * The same with another engine.
     *
     * @param other which engine
     * @return new settings
     */
    public EngineSettings withKind(Kind other) {
        return new EngineSettings(other, threads);
    }
}
