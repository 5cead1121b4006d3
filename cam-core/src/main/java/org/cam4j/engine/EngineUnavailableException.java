package org.cam4j.engine;

/** An engine cannot run here, or not this plan; another one can. Ends in {@code Engines}, never at an application. */
public final class EngineUnavailableException extends Exception {

    /**
     * Says why.
     *
     * @param reason one clause, for a log line and {@link Engine#name()}
     */
    public EngineUnavailableException(String reason) {
        super(reason);
    }

    /**
     * Says why.
     *
     * @param reason one clause, for a log line and {@link Engine#name()}
     * @param cause the failure below
     */
    public EngineUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
