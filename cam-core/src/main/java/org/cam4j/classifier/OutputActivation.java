package org.cam4j.classifier;

/** What a classifier does to its logits. */
public enum OutputActivation {
    /** Nothing: the network's outputs are the logits. */
    NONE,
    /** Probabilities that sum to one. */
    SOFTMAX,
    /** Each class's probability by itself. */
    SIGMOID;
}
