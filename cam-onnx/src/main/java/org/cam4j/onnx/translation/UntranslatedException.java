package org.cam4j.onnx.translation;

/** A node that no plan expresses. The translation goes on, to name all of them in one message. */
final class UntranslatedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param message what is not supported, a part of a sentence
     */
    UntranslatedException(String message) {
        super(message);
    }
}
