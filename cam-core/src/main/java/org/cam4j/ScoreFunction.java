package org.cam4j;

import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.OutputActivation;

/**
 * The function from a network's logits to probabilities.
 *
 * <p>A head without an activation outputs logits, as trained with Keras' {@code from_logits=True}. They are taken for {@link #SOFTMAX}
 * logits, or for {@link #SIGMOID} logits if the network has a single output.
 */
public enum ScoreFunction {
    /** Exactly one class is right: {@code exp(z_c) / Σ_j exp(z_j)}. */
    SOFTMAX {
        @Override
        double[] probabilities(float[] logits) {
            double max = Double.NEGATIVE_INFINITY;
            for (float logit : logits) {
                max = Math.max(max, logit);
            }
            double[] probabilities = new double[logits.length];
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                probabilities[i] = Math.exp(logits[i] - max);
                sum += probabilities[i];
            }
            for (int i = 0; i < logits.length; i++) {
                probabilities[i] /= sum;
            }
            return probabilities;
        }
    },
    /** Each class is right or wrong independently: {@code 1 / (1 + exp(-z_c))}. */
    SIGMOID {
        @Override
        double[] probabilities(float[] logits) {
            double[] probabilities = new double[logits.length];
            for (int i = 0; i < logits.length; i++) {
                probabilities[i] = 1 / (1 + Math.exp(-logits[i]));
            }
            return probabilities;
        }
    };

    abstract double[] probabilities(float[] logits);

    /** Returns the score function of a classifier's outputs. */
    static ScoreFunction of(Classifier classifier) {
        OutputActivation activation = classifier.activation();
        boolean isSingle = classifier.isBinary() || classifier.classes() == 1;
        return activation == OutputActivation.SIGMOID || (activation == OutputActivation.NONE && isSingle)
                ? SIGMOID
                : SOFTMAX;
    }
}
