package org.cam4j.exception;

/** No engine can run networks here, or ND4J has no usable backend. The message says what was found and what to add to the classpath. */
public final class BackendException extends CamException {

    /**
     * Reports a missing engine or backend.
     *
     * @param message what was found and what to do
     */
    public BackendException(String message) {
        super(message, null);
    }

    /**
     * Reports an engine or backend that failed to start.
     *
     * @param message what was found and what to do
     * @param cause the failure below
     */
    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
