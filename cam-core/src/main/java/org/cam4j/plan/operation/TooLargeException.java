package org.cam4j.plan.operation;

/** A value or a plan that asks for more than any engine is given, where a smaller one of its kind could be run. */
public final class TooLargeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * Refuses a size.
     *
     * @param message what was found and what is the most
     */
    public TooLargeException(String message) {
        super(message);
    }
}
