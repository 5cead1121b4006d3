package org.cam4j.exception;

/** A file of labelled boxes cannot be read: it is missing, damaged, of another format or contradicts itself. */
public final class AnnotationException extends CamException {

    /**
     * Refuses a file.
     *
     * @param message what was found, what was expected, what to do
     */
    public AnnotationException(String message) {
        super(message, null);
    }

    /**
     * Refuses a file because reading it failed.
     *
     * @param message what was found, what was expected, what to do
     * @param cause the failure below
     */
    public AnnotationException(String message, Throwable cause) {
        super(message, cause);
    }
}
