package org.cam4j;

import java.util.Locale;

/**
 * One class and its scores.
 *
 * @param index the class's index in the network's output
 * @param label the class's name; {@code class 7} if the mapper has no labels
 * @param logit the score before softmax or sigmoid
 * @param probability in [0, 1], the softmax or sigmoid of the logit
 */
public record Prediction(int index, String label, double logit, double probability) {

    /** For a log line: {@code giant panda, probability 0.970, logit 12.30}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, probability %.3f, logit %.2f", label, probability, logit);
    }
}
