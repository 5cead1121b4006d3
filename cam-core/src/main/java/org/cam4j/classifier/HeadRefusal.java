package org.cam4j.classifier;

import org.cam4j.exception.UnsupportedModelException;

/** Refusals of networks without a class activation map: what was found, what a map needs, what to do. */
final class HeadRefusal {

    private static final String EXPECTED =
            ". A class activation map needs GlobalAveragePooling2D, and between it and the classes only layers that are linear"
                    + " (Dense without activation, BatchNormalization, Rescaling, Add, Average, Concatenate, Dropout). ";

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
