package org.cam4j.classifier;

/** The activation of a classifier's output. */
public enum OutputActivation {
    /** None: the network's outputs are the logits. */
    NONE,
    /** Probabilities that sum to one. */
    SOFTMAX,
    /** An independent probability for each class. */
    SIGMOID;
}
