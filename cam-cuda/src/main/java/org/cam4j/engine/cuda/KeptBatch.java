package org.cam4j.engine.cuda;

import java.nio.FloatBuffer;
import org.cam4j.engine.Batch;
import org.cam4j.plan.operation.Shape;

/**
 * An output that stayed on the GPU, as the input of another run.
 *
 * @param values has the output
 * @param output its name
 */
record KeptBatch(KeptValues values, String output) implements Batch {

    @Override
    public Shape shape() {
        return values.shape(output);
    }

    @Override
    public int count() {
        return values.count();
    }

    @Override
    public FloatBuffer host() {
        return FloatBuffer.wrap(values.host(output));
    }
}
