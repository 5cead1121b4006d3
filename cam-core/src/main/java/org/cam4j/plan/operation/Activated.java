package org.cam4j.plan.operation;

/** An operation that ends with an activation, at no cost of its own. */
public sealed interface Activated extends Operation permits Activate, Convolution, Dense, Elementwise, ScaleShift {

    /**
     * What is done to each number of the result.
     *
     * @return the identity where nothing is
     */
    Activation activation();

    /**
     * The same operation with another end.
     *
     * @param activation what is done to each number of the result instead
     * @return a new operation
     */
    Activated withActivation(Activation activation);

    /** The end of a listing's line. */
    static String suffix(Activation activation) {
        return activation.isIdentity() ? "" : " " + activation;
    }
}
