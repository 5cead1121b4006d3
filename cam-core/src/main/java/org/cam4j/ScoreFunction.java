package org.cam4j;

import org.cam4j.classifier.Classifier;

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
    },
    /**
     * The outputs are probabilities already, of which no softmax can be taken off: evidence divided by its sum, or the
     * average of a softmax over cells.
     * {@link Prediction#logit()} and maps are of the outputs themselves.
     */
    IDENTITY {
        @Override
        double[] probabilities(float[] logits) {
            double[] probabilities = new double[logits.length];
            for (int i = 0; i < logits.length; i++) {
                probabilities[i] = logits[i];
            }
            return probabilities;
        }
    };

    /** Outputs whose sum is this near to 1 are probabilities: they are rounded to single precision. */
    private static final double ROUNDING = 1e-4;

    abstract double[] probabilities(float[] logits);

    /**
     * Returns the score function of a classifier's outputs.
     *
     * @param example the outputs for an image, without the activation
     */
    static ScoreFunction of(Classifier classifier, float[] example) {
        return switch (classifier.activation()) {
            case SOFTMAX -> SOFTMAX;
            case SIGMOID -> SIGMOID;
            case NONE ->
                classifier.isBinary() || classifier.classes() == 1 ? SIGMOID : areShares(example) ? IDENTITY : SOFTMAX;
        };
    }

    private static boolean areShares(float[] outputs) {
        double sum = 0;
        for (float output : outputs) {
            if (!(output >= 0)) {
                return false;
            }
            sum += output;
        }
        return Math.abs(sum - 1) <= ROUNDING;
    }
}
