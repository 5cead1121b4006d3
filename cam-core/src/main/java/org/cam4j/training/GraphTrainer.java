package org.cam4j.training;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cam4j.exception.TrainingDataException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.file.Sha256;
import org.cam4j.training.TrainingResult.Epoch;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Trains a graph with DL4J: batches in an order drawn anew for each epoch, stopping when validation accuracy no longer rises, with
 * the weights of the best epoch as the result.
 *
 * <p>The same network, examples and settings give the same result on the same machine, also when the training was stopped in between
 * and went on from its checkpoint. ND4J's generator, from which dropout draws, is seeded at each epoch.
 */
public final class GraphTrainer {

    private final TrainingSettings settings;
    private Optional<Path> checkpoint = Optional.empty();
    private Optional<TrainingPreProcessor> preProcessor = Optional.empty();
    private Consumer<TrainingProgress> listener = progress -> {};

    /**
     * A trainer.
     *
     * @param settings how long and how fast
     */
    public GraphTrainer(TrainingSettings settings) {
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /**
     * Keeps the state after each epoch in a file, from which a training that was stopped goes on.
     *
     * @param file written whole; of one training only
     * @return this
     */
    public GraphTrainer checkpoint(Path file) {
        this.checkpoint = Optional.of(file);
        return this;
    }

    /**
     * Changes the batches of training, not those of validation.
     *
     * @param changes for example {@link HideAndSeekTraining}
     * @return this
     */
    public GraphTrainer preProcessor(TrainingPreProcessor changes) {
        this.preProcessor = Optional.of(changes);
        return this;
    }

    /**
     * Sets the listener to the training.
     *
     * @param progress called after each epoch, on the thread that trains
     * @return this
     */
    public GraphTrainer listener(Consumer<TrainingProgress> progress) {
        this.listener = Objects.requireNonNull(progress, "progress");
        return this;
    }

    /**
     * Trains.
     *
     * @param graph initialised; one input and one output, a DL4J {@code OutputLayer}; not modified
     * @param training what weights are fitted to; each class has at least one example
     * @param validation what tells when to stop; the first view of each example is used
     * @return the best network and what led to it
     * @throws TrainingDataException if a class has no training example, there is nothing to validate with, or the checkpoint is of
     *     another training
     * @throws UnsupportedModelException if the graph does not end in an output layer
     * @throws CancellationException if the thread is interrupted; the last checkpoint stays
     */
    public TrainingResult train(ComputationGraph graph, Examples training, Examples validation) {
        requireSound(training, validation);
        ComputationGraph worker = worker(graph, training);
        String run = checkpoint.isEmpty() ? "" : fingerprint(graph, training, validation);
        List<Epoch> epochs = new ArrayList<>();
        float[] bestParameters = null;
        Epoch best = null;
        Optional<Path> earlier = checkpoint.filter(Files::exists);
        if (earlier.isPresent()) {
            Checkpoint last = Checkpoint.read(earlier.get(), run);
            restore(worker, last);
            epochs.addAll(last.epochs());
            best = last.best();
            bestParameters = last.bestParameters();
        }
        long start = System.nanoTime();
        int before = epochs.size();
        while (epochs.size() < settings.epochs()
                && (best == null || epochs.size() - best.number() < settings.patience())) {
            Epoch epoch = epoch(worker, epochs.size() + 1, training, validation);
            epochs.add(epoch);
            boolean isBest = best == null || epoch.isBetterThan(best);
            if (isBest) {
                best = epoch;
                bestParameters = worker.params().dup().data().asFloat();
            }
            if (checkpoint.isPresent()) {
                checkpoint(worker, run, epochs, best, bestParameters).write(checkpoint.get());
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            Duration each = elapsed.dividedBy(epochs.size() - before);
            listener.accept(new TrainingProgress(
                    epoch, settings.epochs(), isBest, elapsed, each.multipliedBy(settings.epochs() - epochs.size())));
        }
        ComputationGraph result = GraphCut.twin(graph);
        result.setParams(row(bestParameters));
        return new TrainingResult(result, best, epochs);
    }

    private Epoch epoch(ComputationGraph worker, int number, Examples training, Examples validation) {
        Random random = new Random(settings.seed() * 1_000_003 + number);
        Nd4j.getRandom().setSeed(random.nextLong());
        preProcessor.ifPresent(changes -> changes.startEpoch(number));
        List<Integer> order = new ArrayList<>(
                IntStream.range(0, training.examples().size()).boxed().toList());
        Collections.shuffle(order, random);
        double loss = 0;
        for (int from = 0; from < order.size(); from += settings.batchSize()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted in epoch " + number
                        + checkpoint
                                .map(file -> "; the same call goes on from '" + file + "'")
                                .orElse(""));
            }
            List<Integer> indices = order.subList(from, Math.min(from + settings.batchSize(), order.size()));
            DataSet batch = training.batch(
                    indices,
                    indices.stream()
                            .map(i -> random.nextInt(
                                    training.examples().get(i).views().size()))
                            .toList());
            preProcessor.ifPresent(changes -> changes.preProcess(batch));
            worker.fit(batch);
            loss += worker.score() * indices.size();
        }
        worker.incrementEpochCount();
        Score score = score(worker, validation);
        double rate = settings.learningRate()
                .valueAt(
                        worker.getConfiguration().getIterationCount(),
                        worker.getConfiguration().getEpochCount());
        return new Epoch(number, loss / order.size(), score.loss, score.accuracy, rate);
    }

    // ---- validation ----

    private record Score(double loss, double accuracy) {}

    private Score score(ComputationGraph worker, Examples validation) {
        int count = validation.examples().size();
        double loss = 0;
        int right = 0;
        for (int from = 0; from < count; from += settings.batchSize()) {
            List<Integer> indices = IntStream.range(from, Math.min(from + settings.batchSize(), count))
                    .boxed()
                    .toList();
            DataSet batch = validation.batch(indices, Collections.nCopies(indices.size(), 0));
            INDArray probabilities = worker.output(false, batch.getFeatures())[0];
            for (int i = 0; i < indices.size(); i++) {
                int expected = validation.examples().get(indices.get(i)).classIndex();
                INDArray row = probabilities.getRow(i);
                loss -= Math.log(Math.max(row.getDouble(expected), 1e-12));
                right += row.argMax().getInt(0) == expected ? 1 : 0;
            }
        }
        return new Score(loss / count, (double) right / count);
    }

    // ---- the network that is trained ----

    /** A copy with Adam in every layer and with the classes' weights in the loss. */
    private ComputationGraph worker(ComputationGraph graph, Examples training) {
        ComputationGraphConfiguration configuration = GraphCut.copy(graph);
        String output = configuration.getNetworkOutputs().get(0);
        configuration.getVertices().values().forEach(vertex -> {
            if (vertex instanceof LayerVertex layer && layer.getLayerConf().getLayer() instanceof BaseLayer base) {
                base.setIUpdater(new Adam(settings.learningRate()));
                base.setBiasUpdater(null);
                base.setRegularization(
                        settings.weightDecay() > 0 ? List.of(new L2Regularization(settings.weightDecay())) : List.of());
            }
        });
        if (!(configuration.getVertices().get(output) instanceof LayerVertex last
                && last.getLayerConf().getLayer() instanceof BaseOutputLayer layer)) {
            throw new UnsupportedModelException(
                    "'" + output + "' is no output layer, which DL4J needs to train a graph:"
                            + " replace the head with GapHead.on(graph, layer, classes).");
        }
        if (layer.getNOut() != training.classes()) {
            throw new TrainingDataException("the examples are of " + training.classes() + " classes, the network has "
                    + layer.getNOut() + " outputs: give it a head of as many.");
        }
        if (settings.balanced()) {
            INDArray weights = classWeights(training);
            if (layer.getLossFn() instanceof LossMCXENT) {
                layer.setLossFn(new LossMCXENT(weights));
            } else if (layer.getLossFn() instanceof LossBinaryXENT) {
                layer.setLossFn(new LossBinaryXENT(weights));
            }
        }
        configuration.setIterationCount(0);
        configuration.setEpochCount(0);
        return GraphCut.built(configuration, graph, output);
    }

    /** {@code n / (classes · n_c)}: one on average over the examples, more for rare classes. */
    private static INDArray classWeights(Examples training) {
        int[] counts = training.counts();
        float[] weights = new float[counts.length];
        for (int c = 0; c < weights.length; c++) {
            weights[c] = (float) training.examples().size() / ((float) counts.length * counts[c]);
        }
        return Nd4j.createFromArray(weights);
    }

    private static void requireSound(Examples training, Examples validation) {
        int[] counts = training.counts();
        List<Integer> empty = IntStream.range(0, counts.length)
                .filter(c -> counts[c] == 0)
                .boxed()
                .toList();
        if (!empty.isEmpty()) {
            throw new TrainingDataException(
                    "the classes " + empty + " have no training examples: give some of each, or leave them out.");
        }
        if (validation.examples().isEmpty()) {
            throw new TrainingDataException(
                    "there are no validation examples: without them nothing tells when to stop.");
        }
        if (!validation.shape().equals(training.shape()) || validation.classes() != training.classes()) {
            throw new TrainingDataException(
                    "the validation examples are of the shape " + validation.shape() + " and of "
                            + validation.classes() + " classes, those for training of " + training.shape() + " and "
                            + training.classes() + ": both must be alike.");
        }
    }

    // ---- checkpoints ----

    private String fingerprint(ComputationGraph graph, Examples training, Examples validation) {
        String text = settings + "|" + graph.getConfiguration().getVertices().keySet() + "|"
                + Sha256.of(Examples.bytes(graph.params().dup().data().asFloat())) + "|" + training.fingerprint() + "|"
                + validation.fingerprint() + "|" + preProcessor.isPresent();
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Checkpoint checkpoint(
            ComputationGraph worker, String run, List<Epoch> epochs, Epoch best, float[] bestParameters) {
        return new Checkpoint(
                run,
                worker.getConfiguration().getIterationCount(),
                epochs,
                best,
                worker.params().dup().data().asFloat(),
                worker.getUpdater().getStateViewArray().dup().data().asFloat(),
                bestParameters);
    }

    private static void restore(ComputationGraph worker, Checkpoint last) {
        worker.setParams(row(last.parameters()));
        worker.getUpdater().setStateViewArray(row(last.updater()));
        worker.getConfiguration().setIterationCount(last.iterations());
        worker.getConfiguration().setEpochCount(last.epochs().size());
    }

    private static INDArray row(float[] values) {
        return Nd4j.createFromArray(values).reshape(1, values.length);
    }
}
