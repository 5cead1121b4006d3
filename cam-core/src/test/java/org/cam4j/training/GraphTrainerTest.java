package org.cam4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.cam4j.exception.TrainingDataException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.TestNetworks;
import org.cam4j.training.Examples.Example;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class GraphTrainerTest {

    private static final int SIZE = 8;
    private static final TrainingSettings SETTINGS = TrainingSettings.standard()
            .withEpochs(6)
            .withPatience(6)
            .withBatchSize(16)
            .withLearningRate(new PolySchedule(ScheduleType.EPOCH, 0.01, 1, 12));

    @TempDir
    Path folder;

    /** Images whose class is the half that is bright, and their mirror images as a second view. */
    private static Examples halves(int count, long seed) {
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] image = new float[SIZE * SIZE * 3];
            float[] mirrored = new float[image.length];
            for (int at = 0; at < image.length; at++) {
                boolean upper = at < image.length / 2;
                image[at] = random.nextFloat() + (upper == (i % 2 == 0) ? 1 : 0);
                int pixel = at / 3;
                int y = Math.floorDiv(pixel, SIZE);
                mirrored[(y * SIZE + SIZE - 1 - pixel % SIZE) * 3 + at % 3] = image[at];
            }
            examples.add(new Example(i % 2, List.of(image, mirrored)));
        }
        return new Examples(List.of(SIZE, SIZE, 3), 2, examples);
    }

    private static ComputationGraph network() {
        return GapHead.on(TestNetworks.gap(CNN2DFormat.NHWC), "conv1", 2)
                .convolution(4)
                .dropout(0.2)
                .build();
    }

    @Test
    void whatCanBeLearnedIsLearned() {
        ComputationGraph graph = GapHead.on(TestNetworks.gap(CNN2DFormat.NHWC), "conv1", 2)
                .convolution(6)
                .build();
        INDArray before = graph.params().dup();
        List<TrainingProgress> heard = new ArrayList<>();

        TrainingResult result = new GraphTrainer(SETTINGS.withEpochs(20).withLearningRate(new FixedSchedule(0.02)))
                .listener(heard::add)
                .train(graph, halves(48, 1), halves(24, 2));

        assertThat(result.best().validationAccuracy()).isGreaterThan(0.95);
        assertThat(heard.get(0).epoch()).isEqualTo(result.epochs().get(0));
        assertThat(heard.get(heard.size() - 1).epochs()).isEqualTo(20);
        assertThat(graph.params()).isEqualTo(before);
    }

    @Test
    void weightDecayKeepsWeightsSmaller() {
        TrainingResult plain = new GraphTrainer(SETTINGS).train(network(), halves(20, 1), halves(8, 2));
        TrainingResult decayed =
                new GraphTrainer(SETTINGS.withWeightDecay(1)).train(network(), halves(20, 1), halves(8, 2));

        assertThat(decayed.graph().params().norm2Number().doubleValue())
                .isLessThan(plain.graph().params().norm2Number().doubleValue());
    }

    @Test
    void aTrainingThatWasStoppedEndsAsIfItHadNotBeen() {
        Examples training = halves(40, 1);
        Examples validation = halves(16, 2);
        TrainingResult whole = new GraphTrainer(SETTINGS).train(network(), training, validation);
        Path checkpoint = folder.resolve("checkpoint");
        HideAndSeekTraining none = new HideAndSeekTraining(CNN2DFormat.NHWC, List.of(0), 0.5, List.of(), 1);

        assertThatThrownBy(() -> new GraphTrainer(SETTINGS)
                        .checkpoint(checkpoint)
                        .preProcessor(none)
                        .listener(progress -> {
                            if (progress.epoch().number() == 3) {
                                Thread.currentThread().interrupt();
                            }
                        })
                        .train(network(), training, validation))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("goes on from");
        assertThat(Thread.interrupted()).isTrue();
        List<Integer> rest = new ArrayList<>();
        TrainingResult resumed = new GraphTrainer(SETTINGS)
                .checkpoint(checkpoint)
                .preProcessor(none)
                .listener(progress -> rest.add(progress.epoch().number()))
                .train(network(), training, validation);

        assertThat(rest).containsExactly(4, 5, 6);
        assertThat(resumed.epochs()).isEqualTo(whole.epochs());
        assertThat(resumed.graph().params()).isEqualTo(whole.graph().params());
    }

    @Test
    void aFinishedTrainingIsNotDoneAgain() {
        Path checkpoint = folder.resolve("checkpoint");
        TrainingResult first =
                new GraphTrainer(SETTINGS).checkpoint(checkpoint).train(network(), halves(20, 1), halves(8, 2));
        List<TrainingProgress> heard = new ArrayList<>();

        TrainingResult again = new GraphTrainer(SETTINGS)
                .checkpoint(checkpoint)
                .listener(heard::add)
                .train(network(), halves(20, 1), halves(8, 2));

        assertThat(heard).isEmpty();
        assertThat(again.graph().params()).isEqualTo(first.graph().params());
    }

    @Test
    void aCheckpointOfAnotherTrainingIsRefused() throws java.io.IOException {
        Path checkpoint = folder.resolve("checkpoint");
        GraphTrainer trainer = new GraphTrainer(SETTINGS.withEpochs(1)).checkpoint(checkpoint);
        trainer.train(network(), halves(20, 1), halves(8, 2));

        assertThatThrownBy(() -> trainer.train(network(), halves(20, 3), halves(8, 2)))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("of another network, other photos");
        Files.writeString(checkpoint, "no zip");
        assertThatThrownBy(() -> trainer.train(network(), halves(20, 1), halves(8, 2)))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("Delete it to begin anew");
    }

    @Test
    void trainingStopsWhenPatienceEndsAndKeepsTheBest() {
        TrainingResult result = new GraphTrainer(
                        SETTINGS.withEpochs(50).withPatience(2).withLearningRate(new FixedSchedule(0.5)))
                .train(network(), halves(32, 1), halves(16, 2));

        assertThat(result.epochs()).hasSizeLessThan(50);
        assertThat(result.epochs()).hasSize(result.best().number() + 2);
        assertThat(result.epochs())
                .allMatch(epoch -> epoch.validationAccuracy() <= result.best().validationAccuracy());
    }

    @Test
    void rareClassesWeighAsMuchAsOthers() {
        Examples all = halves(64, 1);
        List<Example> few = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            if (i % 2 == 0 || i < 8) {
                few.add(all.examples().get(i));
            }
        }
        Examples skewed = new Examples(all.shape(), 2, few);
        // So slow that only the direction of the first steps counts: to the frequent class, unless classes are
        // balanced.
        TrainingSettings slow =
                SETTINGS.withLearningRate(new FixedSchedule(0.001)).withEpochs(4);

        double balanced =
                share(new GraphTrainer(slow).train(network(), skewed, all).graph(), all);
        double counted = share(
                new GraphTrainer(slow.withBalanced(false))
                        .train(network(), skewed, all)
                        .graph(),
                all);

        assertThat(balanced).isLessThan(counted);
    }

    /** The mean probability of class 0. */
    private static double share(ComputationGraph graph, Examples examples) {
        double sum = 0;
        for (int i = 0; i < examples.examples().size(); i++) {
            sum += graph.output(examples.batch(List.of(i), List.of(0)).getFeatures())[0].getDouble(0, 0);
        }
        return sum / examples.examples().size();
    }

    @Test
    void whatCannotBeTrainedIsRefusedInWords() {
        GraphTrainer trainer = new GraphTrainer(SETTINGS);
        Examples sound = halves(8, 1);
        Examples empty = new Examples(sound.shape(), 2, List.of());
        Examples three = new Examples(sound.shape(), 3, sound.examples());

        assertThatThrownBy(() -> trainer.train(network(), three, three))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("the classes [2] have no training examples");
        assertThatThrownBy(() -> trainer.train(network(), sound, empty))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("no validation examples");
        assertThatThrownBy(() -> trainer.train(GapHead.on(network(), "conv1", 3).build(), sound, sound))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("of 2 classes, the network has 3 outputs");
        assertThatThrownBy(() -> trainer.train(TestNetworks.gap(CNN2DFormat.NHWC), sound, sound))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("'predictions' is no output layer");
    }
}
