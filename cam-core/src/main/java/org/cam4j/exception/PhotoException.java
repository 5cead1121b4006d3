package org.cam4j.exception;

/** A photo cannot be explained: it is missing, damaged, too large or not a photo, or the network's numbers for it are not finite. */
public final class PhotoException extends CamException {

    /**
     * Refuses a photo.
     *
     * @param message what was found, what was expected, what to do
     */
    public PhotoException(String message) {
        super(message, null);
    }

    /**
     * Refuses a photo because decoding it failed.
     *
     * @param message what was found, what was expected, what to do
     * @param cause the failure below
     */
    public PhotoException(String message, Throwable cause) {
        super(message, cause);
    }
}
