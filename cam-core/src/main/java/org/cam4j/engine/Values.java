package org.cam4j.engine;

import org.cam4j.plan.operation.Shape;

/** The wanted outputs of one run, on the host or where the engine computed them. Immutable; independent of the engine's life. */
public interface Values {

    /**
     * The batch.
     *
     * @return n, the number of images
     */
    int count();

    /**
     * The size of an output of one image.
     *
     * @param output its name
     * @return its axes
     * @throws IllegalArgumentException if it was not asked for
     */
    Shape shape(String output);

    /**
     * An output's numbers on the host.
     *
     * @param output its name
     * @return [n, ...], row-major, images one after the other; shared, so leave it alone
     * @throws IllegalArgumentException if it was not asked for
     */
    float[] host(String output);

    /**
     * Whether all numbers that an image has in an output are finite.
     *
     * @param output its name
     * @param image which image, in [0, n)
     * @return false if one is infinite or NaN
     */
    boolean isFinite(String output, int image);
}
