package org.cam4j.exception;

/** A sound model that cam4j cannot build, or for which a class activation map does not exist. */
public final class UnsupportedModelException extends CamException {

    /**
     * Refuses a model.
     *
     * @param message what was found, with the layers' names, what was expected, what to do
     */
    public UnsupportedModelException(String message) {
        super(message, null);
    }

    /**
     * Refuses a model because a library below could not build it.
     *
     * @param message what was found, with the layers' names, what was expected, what to do
     * @param cause the failure below
     */
    public UnsupportedModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
