package org.cam4j.engine;

import org.cam4j.plan.operation.Shape;

/** The requested outputs of one run, on the host or where they were computed. Immutable; stay valid after the engine is closed. */
public interface Values {

    /**
     * Returns the number of images in the batch.
     *
     * @return n, the number of images
     */
    int count();

    /**
     * Returns the size of an output for one image.
     *
     * @param output its name
     * @return its axes
     * @throws IllegalArgumentException if the output was not requested
     */
    Shape shape(String output);

    /**
     * Returns an output's numbers on the host.
     *
     * @param output its name
     * @return [n, ...], row-major, one image after the other; shared, do not modify
     * @throws IllegalArgumentException if the output was not requested
     */
    float[] host(String output);

    /**
     * Returns an output as the input of another run. It stays where it was computed if the other engine can read it there.
     *
     * @param output its name
     * @return [n, ...]; valid until these values are released
     * @throws IllegalArgumentException if the output was not requested
     */
    default Batch batch(String output) {
        return Batch.of(host(output), shape(output));
    }

    /** Frees a device's memory for later runs: no output may be asked for afterwards. Unreleased values free it once they are collected. */
    default void release() {
        // On the host the collector does it.
    }

    /**
     * Whether all numbers of an image's output are finite.
     *
     * @param output its name
     * @param image which image, in [0, n)
     * @return false if a number is NaN or infinite
     */
    boolean isFinite(String output, int image);
}
