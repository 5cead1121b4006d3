package org.cam4j.engine;

import java.nio.FloatBuffer;
import java.util.List;
import org.cam4j.plan.operation.Shape;

/**
 * Single images of one size that lie apart.
 *
 * @param batches of one image each
 */
record JoinedBatch(List<Batch> batches) implements Batch {

    JoinedBatch {
        batches = List.copyOf(batches);
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("a batch without images");
        }
        Shape shape = batches.get(0).shape();
        for (Batch batch : batches) {
            batch.requireShape(shape);
            if (batch.count() != 1) {
                throw new IllegalArgumentException(batch.count() + " images instead of one");
            }
        }
    }

    @Override
    public Shape shape() {
        return batches.get(0).shape();
    }

    @Override
    public int count() {
        return batches.size();
    }

    @Override
    public List<FloatBuffer> hosts() {
        return batches.stream().map(Batch::host).toList();
    }

    @Override
    public FloatBuffer host() {
        FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(count(), shape().size()));
        hosts().forEach(image -> all.put(image.duplicate()));
        return all.flip();
    }
}
