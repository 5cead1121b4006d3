package org.cam4j.exception;

/** A file cannot be read as a saved explanation: it is missing, damaged, of another kind or of a later version. */
public final class ExplanationFileException extends CamException {

    /**
     * Refuses a file.
     *
     * @param message what was found, what was expected, what to do
     */
    public ExplanationFileException(String message) {
        super(message, null);
    }

    /**
     * Refuses a file because reading it failed.
     *
     * @param message what was found, what was expected, what to do
     * @param cause the failure below
     */
    public ExplanationFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
