package org.cam4j.engine;

import java.nio.FloatBuffer;
import org.cam4j.plan.operation.Shape;

/**
 * Images in a buffer of Java or native memory.
 *
 * @param host [n, height, width, channels], row-major
 * @param shape of each image
 */
record HostBatch(FloatBuffer host, Shape shape) implements Batch {

    HostBatch {
        int numbers = host.remaining();
        if (numbers == 0 || numbers % shape.size() != 0) {
            throw new IllegalArgumentException(numbers + " values are no whole number of images of " + shape);
        }
    }

    @Override
    public int count() {
        return host.remaining() / shape.size();
    }
}
