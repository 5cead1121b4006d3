package org.cam4j.engine;

import java.nio.FloatBuffer;
import org.cam4j.plan.operation.Shape;

/** Images of one size for one run of a network, on the host or in an engine's own memory. */
public interface Batch {

    /**
     * Returns the size of each image.
     *
     * @return rows, columns and channels
     */
    Shape shape();

    /**
     * Returns the number of images.
     *
     * @return n, positive
     */
    int count();

    /**
     * Returns the numbers on the host.
     *
     * @return [n, height, width, channels], row-major, from position 0 to the limit; shared, do not modify
     */
    FloatBuffer host();

    /**
     * Returns the numbers on the host as an array.
     *
     * @return [n, height, width, channels], row-major; perhaps shared, do not modify
     */
    default float[] numbers() {
        FloatBuffer host = host();
        if (host.hasArray() && host.arrayOffset() == 0 && host.array().length == host.remaining()) {
            return host.array();
        }
        float[] numbers = new float[host.remaining()];
        host.duplicate().get(numbers);
        return numbers;
    }

    /**
     * Returns a batch on the host.
     *
     * @param values preprocessed images [n, height, width, channels], row-major, filling the array; not copied
     * @param shape of each image
     * @return the batch
     * @throws IllegalArgumentException if the array does not hold a whole number of images
     */
    static Batch of(float[] values, Shape shape) {
        return new HostBatch(FloatBuffer.wrap(values), shape);
    }

    /**
     * Checks that images have the size that a network takes.
     *
     * @param expected the network's input size
     * @throws IllegalArgumentException if the images have another size
     */
    default void requireShape(Shape expected) {
        if (!shape().equals(expected)) {
            throw new IllegalArgumentException(
                    "images of " + shape() + " for a network of " + expected + " (height, width, channels)");
        }
    }
}
