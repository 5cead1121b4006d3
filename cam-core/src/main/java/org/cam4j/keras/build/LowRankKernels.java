package org.cam4j.keras.build;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.LowRankUpdate;
import org.cam4j.keras.hdf5.StoredTensor;
import org.cam4j.keras.hdf5.TensorShape;

/** Adds LoRA's updates to kernels, if the file stores them separately. */
final class LowRankKernels {

    private static final String KERNEL = "kernel";
    private static final String A = "lora_kernel_a";
    private static final String B = "lora_kernel_b";

    private LowRankKernels() {}

    /**
     * Returns a layer's weights, with LoRA's update added to the kernel if the file has one.
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
}
