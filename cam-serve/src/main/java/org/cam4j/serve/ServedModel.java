package org.cam4j.serve;

import java.util.Objects;
import org.cam4j.ClassActivationMapper;

/**
 * A model that a server explains photos with.
 *
 * @param name what requests call it
 * @param mapper stays open as long as the server runs; the caller closes it afterwards
 */
public record ServedModel(String name, ClassActivationMapper mapper) {

    /**
     * Checks the model.
     *
     * @throws IllegalArgumentException if the name is empty or no preprocessing is set, so that no photo could be explained
     */
    public ServedModel {
        Objects.requireNonNull(mapper, "mapper");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a model without a name: give one for requests to choose it by");
        }
        if (mapper.preparation().isEmpty()) {
            throw new IllegalArgumentException(
                    "the preprocessing of photos is not set for '" + name
                            + "': give the one that the network was trained with, or a JSON file beside the Keras or ONNX file.");
        }
    }
}
