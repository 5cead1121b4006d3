package org.cam4j.engine;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
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
     * Returns the numbers of each image on the host.
     *
     * @return n buffers [height, width, channels], row-major, from position 0 to the limit; shared, do not modify
     */
    default List<FloatBuffer> hosts() {
        FloatBuffer all = host();
        int size = shape().size();
        return count() == 1
                ? List.of(all)
                : IntStream.range(0, count())
                        .mapToObj(image -> all.slice(image * size, size))
                        .toList();
    }

    /**
     * Returns single images as one batch; they are not copied unless all are asked for together.
     *
     * @param images batches of one image of the same size
     * @return the batch
     * @throws IllegalArgumentException if there is none, one has several images or another size
     */
    static Batch joined(List<Batch> images) {
        return new JoinedBatch(images);
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
