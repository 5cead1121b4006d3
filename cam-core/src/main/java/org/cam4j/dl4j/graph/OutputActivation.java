package org.cam4j.dl4j.graph;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** What a classifier does to its logits. */
public enum OutputActivation {
    /** Nothing: the network's outputs are the logits. */
    NONE,
    /** Probabilities that sum to one. */
    SOFTMAX,
    /** Each class's probability by itself. */
    SIGMOID;

    /** The activation that a DL4J function is, or null where it is none of them. */
    static OutputActivation of(IActivation function) {
        if (function instanceof ActivationSoftmax) {
            return SOFTMAX;
        }
        if (function instanceof ActivationSigmoid) {
            return SIGMOID;
        }
        return function instanceof ActivationIdentity ? NONE : null;
    }
}
