package org.cam4j.training;

import java.nio.file.Path;
import java.util.List;
import org.cam4j.training.TrainingResult.Epoch;

/**
 * A network that was trained on photos.
 *
 * @param network with the weights of the best epoch
 * @param best the epoch with the highest validation accuracy
 * @param epochs all, in order
 * @param skipped the files that could not be read as photos, and why
 */
public record TrainedNetwork(GapNetwork network, Epoch best, List<Epoch> epochs, List<Skipped> skipped) {

    /**
     * A file that was left out.
     *
     * @param file where it is
     * @param reason what is wrong with it, a sentence
     */
    public record Skipped(Path file, String reason) {}

    public TrainedNetwork {
        epochs = List.copyOf(epochs);
        skipped = List.copyOf(skipped);
    }
}
