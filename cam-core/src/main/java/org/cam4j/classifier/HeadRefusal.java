package org.cam4j.classifier;

import org.cam4j.exception.UnsupportedModelException;

/** Says why a network has no class activation map: what was found, what one needs, what to do. */
final class HeadRefusal {

    private static final String EXPECTED =
            ". A class activation map needs GlobalAveragePooling2D, and between it and the classes only layers that are linear"
                    + " (Dense without activation, BatchNormalization, Rescaling, Add, Average, Concatenate, Dropout). ";

    private HeadRefusal() {}

    /** Of what was found, without a full stop, and a sentence that says what to do. */
    static UnsupportedModelException of(String found, String remedy) {
        return new UnsupportedModelException(found + EXPECTED + remedy);
    }

    /** Of a layer that is not linear, by Keras' name of it. */
    static UnsupportedModelException standsBetween(String layer, String reader) {
        return of(
                layer + " stands between pooling and the output layer '" + reader + "' and is not linear",
                "Remove it and train the head again.");
    }

    /** Of feature maps that are not pooled at all. */
    static UnsupportedModelException flattened(String layer, String reader) {
        return of(
                "the feature maps of " + layer + " are flattened, not pooled, for the layer '" + reader + "'",
                "Put GlobalAveragePooling2D in place of Flatten and train the head again.");
    }
}
