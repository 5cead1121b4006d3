package org.cam4j.keras;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.exception.ModelFileException;

/**
 * What LoRA adds to a kernel: {@code alpha / rank · A · B} (Hu et al., ICLR 2022), with A of the kernel's shape but {@code rank} outputs
 * and B [rank, outputs]. {@code .h5} files of Keras 3 keep the kernel without it; {@code .keras} files keep the sum.
 *
 * @param a [..., in, rank]
 * @param b [rank, out]
 * @param factor alpha / rank
 */
record LowRankUpdate(StoredTensor a, StoredTensor b, double factor) {

    private static final String KERNEL = "kernel";
    private static final String A = "lora_kernel_a";
    private static final String B = "lora_kernel_b";

    /**
     * A layer's weights with the update in the kernel, if there is one.
     *
     * @throws ModelFileException if the shapes do not fit
     */
    static Map<String, StoredTensor> merged(LayerConfig config, Map<String, StoredTensor> stored) {
        if (!stored.containsKey(A) || !stored.containsKey(B) || !stored.containsKey(KERNEL)) {
            return stored;
        }
        Map<String, StoredTensor> merged = new LinkedHashMap<>(stored);
        StoredTensor a = merged.remove(A);
        StoredTensor b = merged.remove(B);
        int rank = config.count("lora_rank");
        TensorShape kernel = merged.get(KERNEL).shape();
        if (kernel.rank() < 2
                || !a.shape().equals(kernel.withChannels(rank))
                || !b.shape().equals(TensorShape.of(rank, kernel.channels()))) {
            throw config.contradiction("has the LoRA weights " + a.shape() + " and " + b.shape() + " of rank " + rank
                    + " for the kernel " + kernel);
        }
        double factor = config.number("lora_alpha", rank) / rank;
        merged.computeIfPresent(KERNEL, (name, tensor) -> tensor.with(new LowRankUpdate(a, b, factor)));
        return merged;
    }

    /** The kernel's values with the update, summed in double precision. */
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
