package org.cam4j.classifier;

/** A step of a head is not an affine function of its inputs. The search turns this into a refusal that names the layer. */
final class NotAffineException extends Exception {

    private static final long serialVersionUID = 1;

    NotAffineException(String message) {
        super(message);
    }
}
