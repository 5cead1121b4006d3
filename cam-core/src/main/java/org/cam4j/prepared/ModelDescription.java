package org.cam4j.prepared;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What people and programs want to know of the model that was prepared.
 *
 * @param model the file that it was made from, or its graph in words
 * @param sha256 that file's SHA-256, 64 hexadecimal digits; empty for a graph that came from no file
 * @param version the cam4j that prepared it
 * @param lastConvolution the last convolution's name
 * @param features the layer whose activations are mapped
 * @param pooling the average pooling's name
 * @param head the name of the layer that holds the classes' weights
 * @param activation what the network does to its logits, in the front door's words
 * @param scores how logits become probabilities, in the front door's words
 * @param parameters weights of the whole network
 * @param notes what was dropped or rewritten on the way, a sentence each
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
