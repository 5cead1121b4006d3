package org.cam4j.classifier;

import org.cam4j.exception.UnsupportedModelException;

/** Refusals of networks without a class activation map: what was found, what a map needs, what to do. */
final class HeadRefusal {

    private static final String EXPECTED =
            ". A map needs a layer with rows and columns, and between it and the classes a way of layers that cam4j runs"
                    + " itself, with no softmax between. ";

    private HeadRefusal() {}

    /** Builds a refusal from what was found, without a full stop, and a sentence with the remedy. */
    static UnsupportedModelException of(String found, String remedy) {
        return new UnsupportedModelException(found + EXPECTED + remedy);
    }

    /** Refuses a layer that is not linear, by its Keras name. */
    static UnsupportedModelException standsBetween(String layer, String reader) {
        return of(
                layer + " stands between pooling and the output layer '" + reader + "' and is not linear",
                "Remove it and train the head again.");
    }

    /** Refuses feature maps that are flattened, not pooled. */
    static UnsupportedModelException flattened(String layer, String reader) {
        return of(
                "the feature maps of " + layer + " are flattened, not pooled, for the layer '" + reader + "'",
                "Put GlobalAveragePooling2D in place of Flatten and train the head again.");
    }
}
