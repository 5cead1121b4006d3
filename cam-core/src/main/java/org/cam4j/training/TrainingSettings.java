package org.cam4j.training;

import java.util.Objects;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The settings of training by Adam (Kingma and Ba, ICLR 2015) on cross-entropy. Immutable.
 *
 * @param epochs the most turns through all training examples, at least 1
 * @param batchSize examples a step, at least 1
 * @param learningRate by epoch or iteration; DL4J's schedules, such as {@code PolySchedule} or {@code StepSchedule}
 * @param patience training stops when validation accuracy has not risen for so many epochs, at least 1
 * @param balanced whether each class weighs alike however many examples it has
 * @param weightDecay L2 on the weights, at least 0
 * @param seed of the order of the examples, of their views and of dropout
 */
public record TrainingSettings(
        int epochs,
        int batchSize,
        ISchedule learningRate,
        int patience,
        boolean balanced,
        double weightDecay,
        long seed) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if epochs, batch size or patience are not positive, or the weight decay is negative
     */
    public TrainingSettings {
        Objects.requireNonNull(learningRate, "learningRate");
        if (epochs < 1 || batchSize < 1 || patience < 1 || !(weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "epochs " + epochs + ", batch size " + batchSize + ", patience " + patience + ", weight decay "
                            + weightDecay + ": the first three must be at least 1, the last at least 0");
        }
    }

    /**
     * At most 60 epochs of batches of 32 at a learning rate of 0.001, patience 10, balanced classes, no weight decay, seed 1.
     *
     * @return settings that suit a head on the features of a trained network
     */
    public static TrainingSettings standard() {
        return new TrainingSettings(60, 32, new FixedSchedule(1e-3), 10, true, 0, 1);
    }

    /**
     * Sets the largest number of epochs.
     *
     * @param count at least 1
     * @return new settings
     */
    public TrainingSettings withEpochs(int count) {
        return new TrainingSettings(count, batchSize, learningRate, patience, balanced, weightDecay, seed);
    }

    /**
     * Sets the batch size.
     *
     * @param examples a step, at least 1
     * @return new settings
     */
    public TrainingSettings withBatchSize(int examples) {
        return new TrainingSettings(epochs, examples, learningRate, patience, balanced, weightDecay, seed);
    }

    /**
     * Sets the learning rate.
     *
     * @param schedule DL4J's, by epoch or iteration
     * @return new settings
     */
    public TrainingSettings withLearningRate(ISchedule schedule) {
        return new TrainingSettings(epochs, batchSize, schedule, patience, balanced, weightDecay, seed);
    }

    /**
     * Sets the patience.
     *
     * @param count epochs without a better validation accuracy after which training stops, at least 1
     * @return new settings
     */
    public TrainingSettings withPatience(int count) {
        return new TrainingSettings(epochs, batchSize, learningRate, count, balanced, weightDecay, seed);
    }

    /**
     * Sets whether classes or examples weigh alike.
     *
     * @param classes true for classes
     * @return new settings
     */
    public TrainingSettings withBalanced(boolean classes) {
        return new TrainingSettings(epochs, batchSize, learningRate, patience, classes, weightDecay, seed);
    }

    /**
     * Sets the weight decay.
     *
     * @param factor of the sum of the weights' squares, at least 0
     * @return new settings
     */
    public TrainingSettings withWeightDecay(double factor) {
        return new TrainingSettings(epochs, batchSize, learningRate, patience, balanced, factor, seed);
    }

    /**
     * Sets the seed of random numbers.
     *
     * @param number the seed
     * @return new settings
     */
    public TrainingSettings withSeed(long number) {
        return new TrainingSettings(epochs, batchSize, learningRate, patience, balanced, weightDecay, number);
    }
}
