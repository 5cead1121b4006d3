package org.cam4j.exception;

/** A network cannot be trained on the photos: classes are missing or empty, or differ from those of the model or the checkpoint. */
public final class TrainingDataException extends CamException {

    /**
     * Refuses photos.
     *
     * @param message what was found, what was expected, what to do
     */
    public TrainingDataException(String message) {
        super(message, null);
    }

    /**
     * Refuses photos because reading them failed.
     *
     * @param message what was found, what was expected, what to do
     * @param cause the failure below
     */
    public TrainingDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
