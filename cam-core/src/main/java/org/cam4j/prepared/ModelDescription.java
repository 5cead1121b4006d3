package org.cam4j.prepared;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The description of a prepared model, for users and programs.
 *
 * @param model the name of the model's file, or words for a model without a file
 * @param sha256 that file's SHA-256, 64 hexadecimal digits; empty for a model without a file
 * @param version the version of cam4j that prepared the model
 * @param lastConvolution the last convolution's name
 * @param features the target layer, whose activations are mapped
 * @param pooling the average pooling's name
 * @param head the name of the layer that holds the classes' weights
 * @param activation the activation of the network's output, in the words of {@code org.cam4j.PreparedWords}
 * @param scores how logits become probabilities, in the words of {@code org.cam4j.PreparedWords}
 * @param parameters the number of weights of the whole network
 * @param notes layers that were dropped or rewritten when the model was read, one sentence each
 */
public record ModelDescription(
        String model,
        Optional<String> sha256,
        String version,
        String lastConvolution,
        String features,
        String pooling,
        String head,
        String activation,
        String scores,
        long parameters,
        List<String> notes) {

    /** Copies the notes. */
    public ModelDescription {
        Objects.requireNonNull(model, "model");
        notes = List.copyOf(notes);
    }
}
