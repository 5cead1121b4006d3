package org.cam4j.engine.cuda;

import java.nio.FloatBuffer;
import org.cam4j.engine.Batch;
import org.cam4j.engine.PixelBatch;

/** Where the numbers of an input come from. */
sealed interface Source {

    /** Numbers of the host. */
    record Floats(FloatBuffer numbers) implements Source {}

    /** Bytes of the host that the GPU samples. */
    record Pixels(PixelBatch batch) implements Source {}

    /** Outputs of another run, which lie on a GPU as long as their engine runs. */
    record Outputs(KeptBatch batch) implements Source {}

    /** Returns where a batch's numbers are, which are asked for once. */
    static Source of(Batch batch) {
        if (batch instanceof PixelBatch pixels) {
            return new Pixels(pixels);
        }
        return batch instanceof KeptBatch kept ? new Outputs(kept) : new Floats(batch.host());
    }
}
