package org.cam4j.engine;

/** Thrown if an engine cannot run on this machine or cannot run a plan. Caught by {@link Engines}; never reaches an application. */
public final class EngineUnavailableException extends Exception {

    /**
     * Creates the exception.
     *
     * @param reason one clause, for a log line and {@link Engine#name()}
     */
    public EngineUnavailableException(String reason) {
        super(reason);
    }

    /**
     * Creates the exception.
     *
     * @param reason one clause, for a log line and {@link Engine#name()}
     * @param cause the underlying failure
     */
    public EngineUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
