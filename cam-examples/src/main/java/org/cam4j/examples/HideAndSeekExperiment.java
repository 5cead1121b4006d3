package org.cam4j.examples;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Labels;
import org.cam4j.evaluation.localization.LocalizationEvaluation;
import org.cam4j.evaluation.localization.LocalizationReport;
import org.cam4j.evaluation.localization.Observation;
import org.cam4j.examples.SyntheticAnimals.Animal;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.localization.Localizer;
import org.cam4j.training.Examples;
import org.cam4j.training.Examples.Example;
import org.cam4j.training.GapNetwork;
import org.cam4j.training.GraphTrainer;
import org.cam4j.training.HideAndSeekTraining;
import org.cam4j.training.TrainingResult;
import org.cam4j.training.TrainingSettings;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A worked example: trains a small VGG with global average pooling from scratch on {@link SyntheticAnimals}, with and without
 * {@link HideAndSeekTraining}, and measures how much of the animals its maps find. Made the table of docs/hide-and-seek.md.
 */
public final class HideAndSeekExperiment {

    private static final CNN2DFormat FORMAT = CNN2DFormat.NCHW;
    private static final int TRAINING = 400;
    private static final int VALIDATION = 160;
    private static final int TEST = 200;

    /** Sides of patches, in pixels: the paper's {none, 16, 32, 44, 56} of 224, scaled to 64. */
    private static final List<Integer> SIDES = List.of(0, 5, 9, 13, 16);

    private static final ImagePreparation PREPARATION = new ImagePreparation(
            SyntheticAnimals.SIZE,
            SyntheticAnimals.SIZE,
            3,
            Preprocessing.of(1 / 64.0, -2),
            Interpolation.BILINEAR,
            Fit.SQUASH);

    private HideAndSeekExperiment() {}

    /** Results of one network on new pictures. */
    private record Found(double accuracy, LocalizationReport report, double body) {}

    /**
     * Trains and measures.
     *
     * @param arguments how many seeds, and how many epochs
     */
    public static void main(String[] arguments) {
        int seeds = Integer.parseInt(arguments[0]);
        int epochs = Integer.parseInt(arguments[1]);
        List<Found> plain = new ArrayList<>();
        List<Found> hidden = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            plain.add(run(seed, epochs, false));
            hidden.add(run(seed, epochs, true));
        }
        System.out.println("mean ± standard deviation over " + seeds + " seeds: plain, hide-and-seek");
        row("validation accuracy", plain, hidden, Found::accuracy);
        row("GT-known localization", plain, hidden, found -> found.report.gtKnown());
        row("mean overlap", plain, hidden, found -> found.report.meanOverlap());
        row("MaxBoxAccV2", plain, hidden, found -> found.report.boxAccuracy().maxBoxAccV2());
        row("share of the body covered", plain, hidden, Found::body);
        row("pointing", plain, hidden, found -> found.report.pointing());
        System.out.println("a box in the middle: " + plain.get(0).report.centre());
    }

    private static Found run(int seed, int epochs, boolean hiding) {
        long start = System.nanoTime();
        Examples training = examples(SyntheticAnimals.draw(TRAINING, seed * 10L));
        Examples validation = examples(SyntheticAnimals.draw(VALIDATION, seed * 10L + 1));
        TrainingSettings settings = TrainingSettings.standard()
                .withEpochs(epochs)
                .withPatience(epochs)
                .withBatchSize(16)
                .withLearningRate(new PolySchedule(ScheduleType.EPOCH, 0.003, 1, epochs))
                .withSeed(seed);
        GraphTrainer trainer = new GraphTrainer(settings)
                .listener(progress -> System.err.printf(
                        Locale.ROOT,
                        "  %d: loss %.3f, validation %.3f, %ds left%n",
                        progress.epoch().number(),
                        progress.epoch().trainingLoss(),
                        progress.epoch().validationAccuracy(),
                        progress.left().toSeconds()));
        if (hiding) {
            trainer.preProcessor(new HideAndSeekTraining(FORMAT, SIDES, 0.5, mean(training), seed));
        }
        TrainingResult result = trainer.train(network(seed), training, validation);
        Found found = measured(result, SyntheticAnimals.draw(TEST, seed * 10L + 2));
        System.out.printf(
                Locale.ROOT,
                "seed %d %-14s accuracy %.3f, GT-known %.3f, overlap %.3f, body %.3f, %d s%n",
                seed,
                hiding ? "hide-and-seek" : "plain",
                found.accuracy,
                found.report.gtKnown(),
                found.report.meanOverlap(),
                found.body,
                (System.nanoTime() - start) / 1_000_000_000);
        return found;
    }

    private static Found measured(TrainingResult result, List<Animal> animals) {
        Localizer localizer = Localizer.paper();
        LocalizationEvaluation evaluation = new LocalizationEvaluation(localizer);
        double body = 0;
        try (ClassActivationMapper mapper =
                new GapNetwork(result.graph(), Labels.of(SyntheticAnimals.KINDS), PREPARATION).mapper()) {
            for (Animal animal : animals) {
                Explanation explanation = mapper.explain(animal.image());
                ActivationMap map = explanation.map(animal.kind());
                evaluation.add(Observation.of(explanation, map, List.of(animal.box())));
                body += (double) localizer.region(map).intersectionArea(animal.body())
                        / animal.body().area();
            }
        }
        return new Found(result.best().validationAccuracy(), evaluation.report(), body / animals.size());
    }

    /** Builds two blocks of one convolution and one block of two, with ReLU; maps are 16x16. */
    private static ComputationGraph network(int seed) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(SyntheticAnimals.SIZE, SyntheticAnimals.SIZE, 3, FORMAT));
        String last = convolution(builder, "block1_conv1", "image", 8);
        last = pooling(builder, "block1_pool", last);
        last = convolution(builder, "block2_conv1", last, 16);
        last = pooling(builder, "block2_pool", last);
        last = convolution(builder, "block3_conv1", last, 32);
        last = convolution(builder, "block3_conv2", last, 32);
        builder.addLayer("gap", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), last)
                .addLayer(
                        "predictions",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(SyntheticAnimals.KINDS.size())
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "gap")
                .setOutputs("predictions");
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static String convolution(GraphBuilder builder, String name, String input, int filters) {
        builder.addLayer(
                name,
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(filters)
                        .dataFormat(FORMAT)
                        .activation(Activation.RELU)
                        .build(),
                input);
        return name;
    }

    private static String pooling(GraphBuilder builder, String name, String input) {
        builder.addLayer(
                name,
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .dataFormat(FORMAT)
                        .build(),
                input);
        return name;
    }

    private static Examples examples(List<Animal> animals) {
        int size = SyntheticAnimals.SIZE;
        return new Examples(
                List.of(3, size, size),
                SyntheticAnimals.KINDS.size(),
                animals.stream()
                        .map(animal -> new Example(animal.kind(), List.of(channelsFirst(animal.image()))))
                        .toList());
    }

    private static float[] channelsFirst(BufferedImage image) {
        float[] values = PREPARATION.prepare(image).values();
        int pixels = values.length / 3;
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i % 3 * pixels + i / 3] = values[i];
        }
        return result;
    }

    /** Returns the training set's mean after normalisation, for hidden patches. */
    private static List<Double> mean(Examples examples) {
        double[] sums = new double[3];
        long count = 0;
        for (Example example : examples.examples()) {
            float[] view = example.views().get(0);
            int pixels = view.length / 3;
            for (int i = 0; i < view.length; i++) {
                sums[i / pixels] += view[i];
            }
            count += pixels;
        }
        return List.of(sums[0] / count, sums[1] / count, sums[2] / count);
    }

    private static void row(String name, List<Found> plain, List<Found> hidden, ToDoubleFunction<Found> value) {
        System.out.printf("%-28s %s   %s%n", name, spread(plain, value), spread(hidden, value));
    }

    private static String spread(List<Found> all, ToDoubleFunction<Found> value) {
        double mean = all.stream().mapToDouble(value).average().orElseThrow();
        double squares = all.stream()
                .mapToDouble(found -> Math.pow(value.applyAsDouble(found) - mean, 2))
                .sum();
        double deviation = all.size() < 2 ? 0 : Math.sqrt(squares / (all.size() - 1));
        return String.format(Locale.ROOT, "%.4f ± %.4f", mean, deviation);
    }
}
