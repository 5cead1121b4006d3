package org.cam4j.exception;

/**
 * The superclass of all refusals, for applications that handle them in one place.
 *
 * <p>The message is for the user: what was found, what was expected, what to do.
 */
public abstract class CamException extends RuntimeException {

    CamException(String message, Throwable cause) {
        super(message, cause);
    }
}
