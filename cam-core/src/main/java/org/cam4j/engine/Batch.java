package org.cam4j.engine;

import java.nio.FloatBuffer;
import org.cam4j.plan.operation.Shape;

/** Images of one size, for one run of a network; on the host, or in memory of an engine's own kind. */
public interface Batch {

    /**
     * The size of each image.
     *
     * @return rows, columns and channels
     */
    Shape shape();

    /**
     * How many images there are.
     *
     * @return n, positive
     */
    int count();

    /**
     * The numbers on the host.
     *
     * @return [n, height, width, channels], row-major, from position 0 to the limit; shared, so leave it alone
     */
    FloatBuffer host();

    /**
     * Images on the host.
     *
     * @param values preprocessed images [n, height, width, channels], row-major, as many as fill the array; not copied
     * @param shape of each image
     * @return the batch
     * @throws IllegalArgumentException if the numbers are no whole number of images
     */
    static Batch of(float[] values, Shape shape) {
        return new HostBatch(FloatBuffer.wrap(values), shape);
    }

    /**
     * Checks that images have the size that a network takes.
     *
     * @param expected the network's
     * @throws IllegalArgumentException if they have another
     */
    default void requireShape(Shape expected) {
        if (!shape().equals(expected)) {
            throw new IllegalArgumentException(
                    "images of " + shape() + " for a network of " + expected + " (height, width, channels)");
        }
    }
}
