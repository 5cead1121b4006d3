package org.cam4j.training;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The result of a training.
 *
 * @param graph a new graph with the weights of the best epoch
 * @param best the epoch with the highest validation accuracy; of several, the one with the lowest validation loss
 * @param epochs all, in order
 */
public record TrainingResult(ComputationGraph graph, Epoch best, List<Epoch> epochs) {

    public TrainingResult {
        epochs = List.copyOf(epochs);
    }

    /**
     * An epoch: one pass over the training examples.
     *
     * @param number from 1
     * @param trainingLoss mean over the epoch's steps, while weights were changing
     * @param validationLoss mean cross-entropy of the validation examples after it
     * @param validationAccuracy share of the validation examples whose class is the most probable one, in [0, 1]
     * @param learningRate at its end
     */
    public record Epoch(
            int number, double trainingLoss, double validationLoss, double validationAccuracy, double learningRate) {

        boolean isBetterThan(Epoch other) {
            return validationAccuracy > other.validationAccuracy
                    || (validationAccuracy == other.validationAccuracy && validationLoss < other.validationLoss);
        }
    }
}
