package org.cam4j.exception;

import java.util.List;

/** A valid model that cam4j cannot build, or that has no class activation map. */
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
     * @param message names the first ten layers and the number of all
     * @param obstacles one sentence per layer, for all layers
     */
    public UnsupportedModelException(String message, List<String> obstacles) {
        this(message, obstacles, null);
    }

    /**
     * Refuses a model because of several of its layers, after a failure below.
     *
     * @param message names the first ten layers and the number of all
     * @param obstacles one sentence per layer, for all layers
     * @param cause the failure below
     */
    public UnsupportedModelException(String message, List<String> obstacles, Throwable cause) {
        super(message, cause);
        this.obstacles = obstacles.toArray(String[]::new);
    }

    /**
     * Returns all reasons for the refusal; the message names at most ten layers.
     *
     * @return one sentence per layer, in the model's order; empty if the message is complete
     */
    public List<String> obstacles() {
        return List.of(obstacles);
    }
}
