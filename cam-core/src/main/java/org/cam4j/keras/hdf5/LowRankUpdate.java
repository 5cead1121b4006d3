package org.cam4j.keras.hdf5;

import java.nio.FloatBuffer;

/**
 * LoRA's update of a kernel: {@code alpha / rank · A · B} (Hu et al., ICLR 2022), with A of the kernel's shape but {@code rank} outputs
 * and B [rank, outputs]. {@code .h5} files of Keras 3 hold the kernel without the update; {@code .keras} files hold the sum.
 *
 * @param a [..., in, rank]
 * @param b [rank, out]
 * @param factor alpha / rank
 */
public record LowRankUpdate(StoredTensor a, StoredTensor b, double factor) {

    /** Returns the kernel's values with the update, summed in double precision. */
    FloatBuffer addedTo(FloatBuffer kernel) {
        float[] left = a.read().values();
        float[] right = b.read().values();
        int rank = b.shape().sizes().get(0);
        int out = b.shape().channels();
        FloatBuffer sum = FloatBuffer.allocate(kernel.limit());
        for (int row = 0; row < left.length / rank; row++) {
            for (int column = 0; column < out; column++) {
                double product = 0;
                for (int i = 0; i < rank; i++) {
                    product += (double) left[row * rank + i] * right[i * out + column];
                }
                sum.put((float) (kernel.get(row * out + column) + factor * product));
            }
        }
        return sum.flip();
    }
}
