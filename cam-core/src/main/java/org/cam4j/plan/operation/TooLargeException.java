package org.cam4j.plan.operation;

/** Thrown if a value or plan exceeds a size limit of every engine; a smaller one of its kind could be run. */
public final class TooLargeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the size found and the limit
     */
    public TooLargeException(String message) {
        super(message);
    }
}
