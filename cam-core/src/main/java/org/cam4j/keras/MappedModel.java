package org.cam4j.keras;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cam4j.file.OpenedFile;
import org.cam4j.keras.hdf5.WeightTensor;
import org.cam4j.plan.operation.WeightArray;

/**
 * An imported model whose weights can be read from its file again. Internal: applications use {@link KerasReader#load}, after which the
 * file is not needed.
 *
 * @param imported the model
 * @param weights those that the file holds as plain float32, uncompressed; by layer and DL4J's name of the parameter, row-major in DL4J's
 *     shape. Reading them fails if the file was written over
 */
public record MappedModel(ImportedModel imported, Map<String, Map<String, WeightArray>> weights) {

    /** Copies the map. */
    public MappedModel {
        weights = Map.copyOf(weights);
    }

    static MappedModel of(
            ImportedModel imported, Map<String, Map<String, WeightTensor>> inFile, Optional<OpenedFile> file) {
        Map<String, Map<String, WeightArray>> weights = new HashMap<>();
        file.ifPresent(opened -> inFile.forEach((layer, tensors) -> {
            Map<String, WeightArray> arrays = new HashMap<>();
            tensors.forEach((name, tensor) -> arrays.put(name, array(tensor, opened)));
            weights.put(layer, arrays);
        }));
        return new MappedModel(imported, weights);
    }

    private static WeightArray array(WeightTensor tensor, OpenedFile file) {
        int length = Math.toIntExact(tensor.shape().elements());
        return tensor.isRowMajor()
                ? WeightArray.readInParts(length, (first, target) -> file.read(() -> tensor.copyTo(target, first)))
                : WeightArray.readBy(length, () -> file.read(tensor::values));
    }
}
