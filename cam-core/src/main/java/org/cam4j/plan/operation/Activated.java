package org.cam4j.plan.operation;

/** An operation that ends with an activation at no extra cost. */
public sealed interface Activated extends Operation permits Activate, Convolution, Dense, Elementwise, ScaleShift {

    /**
     * Returns the activation applied to each number of the result.
     *
     * @return the identity if there is none
     */
    Activation activation();

    /**
     * Returns the same operation with another activation.
     *
     * @param activation applied to each number of the result instead
     * @return a new operation
     */
    Activated withActivation(Activation activation);

    /** Returns the activation's part of a listing's line. */
    static String suffix(Activation activation) {
        return activation.isIdentity() ? "" : " " + activation;
    }
}
