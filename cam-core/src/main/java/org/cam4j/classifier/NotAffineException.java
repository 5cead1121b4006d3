package org.cam4j.classifier;

/** A step of a head is no affine function of what it reads. Ends in a refusal that names the layer. */
final class NotAffineException extends Exception {

    private static final long serialVersionUID = 1;

    NotAffineException(String message) {
        super(message);
    }
}
