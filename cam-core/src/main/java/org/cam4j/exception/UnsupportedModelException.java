package org.cam4j.exception;

import java.util.List;

/** A sound model that cam4j cannot build, or for which a class activation map does not exist. */
public final class UnsupportedModelException extends CamException {

    private final String[] obstacles;

    /**
     * Refuses a model.
     *
     * @param message what was found, with the layers' names, what was expected, what to do
     */
    public UnsupportedModelException(String message) {
        this(message, List.of(), null);
    }

    /**
     * Refuses a model because a library below could not build it.
     *
     * @param message what was found, with the layers' names, what was expected, what to do
     * @param cause the failure below
     */
    public UnsupportedModelException(String message, Throwable cause) {
        this(message, List.of(), cause);
    }

    /**
     * Refuses a model because of several of its layers.
     *
     * @param message names the first ten, and says how many there are
     * @param obstacles all of them
     */
    public UnsupportedModelException(String message, List<String> obstacles) {
        this(message, obstacles, null);
    }

    /**
     * Refuses a model because of several of its layers, found below.
     *
     * @param message names the first ten, and says how many there are
     * @param obstacles all of them
     * @param cause the failure below
     */
    public UnsupportedModelException(String message, List<String> obstacles, Throwable cause) {
        super(message, cause);
        this.obstacles = obstacles.toArray(String[]::new);
    }

    /**
     * Everything that stands against the model, where that may be more than the ten layers that a message names.
     *
     * @return a sentence for each layer, in the model's order; empty where the message says all
     */
    public List<String> obstacles() {
        return List.of(obstacles);
    }
}
