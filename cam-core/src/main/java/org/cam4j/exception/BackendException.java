package org.cam4j.exception;

/** ND4J has no backend that can run here; the message says what was found and what to put on the classpath. */
public final class BackendException extends CamException {

    /**
     * Says what is wrong.
     *
     * @param message what was found and what to do
     */
    public BackendException(String message) {
        super(message, null);
    }
}
