package org.cam4j.exception;

/** A file, or a file beside it, cannot be read as a model: it is missing, damaged, of another kind or contradicts itself. */
public final class ModelFileException extends CamException {

    /**
     * Refuses a file.
     *
     * @param message what was found, what was expected, what to do
     */
    public ModelFileException(String message) {
        super(message, null);
    }

    /**
     * Refuses a file because reading it failed.
     *
     * @param message what was found, what was expected, what to do
     * @param cause the failure below
     */
    public ModelFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
