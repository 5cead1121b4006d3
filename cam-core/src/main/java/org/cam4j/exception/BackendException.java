package org.cam4j.exception;

/** Nothing can run networks here, or ND4J has no backend that can; the message says what was found and what to put on the classpath. */
public final class BackendException extends CamException {

    /**
     * Says what is wrong.
     *
     * @param message what was found and what to do
     */
    public BackendException(String message) {
        super(message, null);
    }

    /**
     * Says what is wrong.
     *
     * @param message what was found and what to do
     * @param cause the failure below
     */
    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
