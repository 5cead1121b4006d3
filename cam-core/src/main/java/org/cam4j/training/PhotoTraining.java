package org.cam4j.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.TrainingDataException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.training.Examples.Example;
import org.cam4j.training.PhotoSet.ClassPhoto;
import org.cam4j.training.TrainedNetwork.Skipped;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Trains a network on photos of other classes: its head, or its last layers too.
 *
 * <p>The fast engine computes once, for each view of each photo, what the layers that stay make of it; DL4J trains the rest on
 * that. A head needs seconds on a processor; training convolutions is for those with a GPU or patience. Features of all views are
 * held in memory.
 *
 * <pre>{@code
 * PhotoSet.Split photos = PhotoSet.ofFolders(Path.of("animals")).split(0.2, 1);
 * TrainedNetwork trained = PhotoTraining.of(network)
 *         .augmentation(Augmentation.STANDARD)
 *         .cache(Path.of("features"))
 *         .checkpoint(Path.of("animals.checkpoint"))
 *         .train(photos);
 * trained.network().save(Path.of("animals.h5"));
 * }</pre>
 */
public final class PhotoTraining {

    private final GapNetwork network;
    private TrainingSettings settings = TrainingSettings.standard();
    private Augmentation augmentation = Augmentation.NONE;
    private boolean keepsHead;
    private Optional<String> firstTrained = Optional.empty();
    private Optional<Path> cache = Optional.empty();
    private Optional<Path> checkpoint = Optional.empty();
    private Consumer<FeatureProgress> featureListener = progress -> {};
    private Consumer<TrainingProgress> listener = progress -> {};

    /**
     * The progress of the computation of features.
     *
     * @param done photos, those in the cache too
     * @param total photos
     * @param left how long the others will take
     */
    public record FeatureProgress(int done, int total, Duration left) {}

    private PhotoTraining(GapNetwork network) {
        this.network = network;
    }

    /**
     * Trains a new head on a network's features.
     *
     * @param network not modified
     * @return the training, to be set and started
     */
    public static PhotoTraining of(GapNetwork network) {
        return new PhotoTraining(Objects.requireNonNull(network, "network"));
    }

    /**
     * Sets duration and learning rate. Defaults to {@link TrainingSettings#standard()}.
     *
     * @param chosen settings
     * @return this
     */
    public PhotoTraining settings(TrainingSettings chosen) {
        this.settings = Objects.requireNonNull(chosen, "chosen");
        return this;
    }

    /**
     * Sets the views of each photo that are trained on. Defaults to the photo alone. Validation sees photos as they are.
     *
     * @param views for example {@link Augmentation#STANDARD}
     * @return this
     */
    public PhotoTraining augmentation(Augmentation views) {
        this.augmentation = Objects.requireNonNull(views, "views");
        return this;
    }

    /**
     * Goes on with the network's own head instead of a new one; the photos' classes must be the network's.
     *
     * @return this
     */
    public PhotoTraining keepHead() {
        this.keepsHead = true;
        return this;
    }

    /**
     * Trains a layer and all that follow it, not only the head.
     *
     * @param layer where training begins; all ways through the network go through it
     * @return this
     */
    public PhotoTraining from(String layer) {
        this.firstTrained = Optional.of(layer);
        return this;
    }

    /**
     * Keeps features in a folder for the next time, under the hash of the layers, the preparation, the views and the photo.
     *
     * @param folder made if it is not there
     * @return this
     */
    public PhotoTraining cache(Path folder) {
        this.cache = Optional.of(folder);
        return this;
    }

    /**
     * Keeps the state after each epoch in a file, from which a training that was stopped goes on.
     *
     * @param file of one training only
     * @return this
     */
    public PhotoTraining checkpoint(Path file) {
        this.checkpoint = Optional.of(file);
        return this;
    }

    /**
     * Sets the listener to the computation of features.
     *
     * @param progress called after each photo, one call at a time, on whichever thread
     * @return this
     */
    public PhotoTraining onPhoto(Consumer<FeatureProgress> progress) {
        this.featureListener = Objects.requireNonNull(progress, "progress");
        return this;
    }

    /**
     * Sets the listener to the training.
     *
     * @param progress called after each epoch
     * @return this
     */
    public PhotoTraining onEpoch(Consumer<TrainingProgress> progress) {
        this.listener = Objects.requireNonNull(progress, "progress");
        return this;
    }

    /**
     * Trains.
     *
     * @param photos training and validation, of the same classes
     * @return the network with the weights of the best epoch
     * @throws TrainingDataException if classes are missing, empty or other than the network's, or the checkpoint is of another
     *     training
     * @throws UnsupportedModelException if the layer to begin with does not exist or ways go past it
     * @throws CancellationException if the thread is interrupted; the features computed so far and the last checkpoint stay
     */
    public TrainedNetwork train(PhotoSet.Split photos) {
        PhotoSet training = keepsHead ? photos.training().inOrderOf(network.labels()) : photos.training();
        PhotoSet validation = photos.validation().inOrderOf(training.labels());
        GapNetwork start = keepsHead ? network.trainable() : network.withNewHead(training.labels(), settings.seed());
        ComputationGraph graph = start.graph();
        GapClassifier classifier = GapClassifier.find(
                graph, start.preparation().height(), start.preparation().width());
        String boundary = firstTrained
                .map(layer -> before(graph, layer))
                .orElse(classifier.parts().pooling());
        boolean isInput = graph.getConfiguration().getNetworkInputs().contains(boundary);

        List<Skipped> skipped = new ArrayList<>();
        Examples learned;
        Examples held;
        try (PhotoFeatures features = features(graph, classifier, boundary, isInput)) {
            int total = training.photos().size() + validation.photos().size();
            Clock clock = new Clock(total);
            learned = examples(training, features, augmentation, clock, skipped);
            held = examples(validation, features, Augmentation.NONE, clock, skipped);
        }
        requireClasses(training, learned, skipped);
        if (held.examples().isEmpty()) {
            throw new TrainingDataException("no validation photo could be read; the first is '"
                    + skipped.get(skipped.size() - 1).file() + "': "
                    + skipped.get(skipped.size() - 1).reason());
        }

        ComputationGraph trained = isInput ? GraphCut.twin(graph) : end(graph, boundary);
        GraphTrainer trainer = new GraphTrainer(settings).listener(listener);
        checkpoint.ifPresent(trainer::checkpoint);
        TrainingResult result = trainer.train(trained, learned, held);
        ComputationGraph whole = GraphCut.twin(graph);
        GraphCut.copyWeights(
                result.graph(),
                whole,
                Set.copyOf(result.graph().getConfiguration().getVertices().keySet()));
        return new TrainedNetwork(
                new GapNetwork(whole, training.labels(), start.preparation()), result.best(), result.epochs(), skipped);
    }

    private static String before(ComputationGraph graph, String layer) {
        List<String> inputs = graph.getConfiguration().getVertexInputs().get(layer);
        if (inputs == null || inputs.size() != 1) {
            throw new UnsupportedModelException(
                    (inputs == null ? "the network has no layer '" + layer + "'" : "'" + layer + "' joins " + inputs)
                            + ": name a layer with one input through which all ways go.");
        }
        return inputs.get(0);
    }

    private PhotoFeatures features(ComputationGraph graph, GapClassifier classifier, String boundary, boolean isInput) {
        if (isInput) {
            return new PhotoFeatures(
                    PhotoFeatures.Kind.IMAGES,
                    Optional.empty(),
                    classifier.format(),
                    network.preparation(),
                    // Reading a photo again costs less than its views on the disk.
                    Optional.empty());
        }
        if (boundary.equals(classifier.parts().pooling())) {
            return new PhotoFeatures(
                    PhotoFeatures.Kind.POOLED, Optional.of(graph), classifier.format(), network.preparation(), cache);
        }
        ComputationGraph base = GapHead.on(graph, boundary, 1).build();
        return new PhotoFeatures(
                PhotoFeatures.Kind.MAPS,
                Optional.of(base),
                FeatureMaps.of(graph.getConfiguration(), boundary).format(),
                network.preparation(),
                cache);
    }

    private static ComputationGraph end(ComputationGraph graph, String boundary) {
        ComputationGraphConfiguration configuration = GraphCut.after(graph, boundary);
        return GraphCut.built(
                configuration, graph, configuration.getNetworkOutputs().get(0));
    }

    /** Several photos at once: one is decoded while another is in the network. */
    private Examples examples(
            PhotoSet photos, PhotoFeatures features, Augmentation views, Clock clock, List<Skipped> skipped) {
        Thread caller = Thread.currentThread();
        List<Seen> seen = photos.photos().parallelStream()
                .map(photo -> {
                    if (caller.isInterrupted()) {
                        throw new CancellationException("interrupted while features were computed"
                                + cache.map(folder -> "; those so far are in '" + folder + "'")
                                        .orElse(""));
                    }
                    Seen result = seen(photo, features, views);
                    synchronized (clock) {
                        featureListener.accept(clock.next());
                    }
                    return result;
                })
                .toList();
        seen.forEach(each -> each.skipped.ifPresent(skipped::add));
        return new Examples(
                features.shape(),
                photos.labels().size(),
                seen.stream().flatMap(each -> each.example.stream()).toList());
    }

    /** A photo's example, or why there is none. */
    private record Seen(Optional<Example> example, Optional<Skipped> skipped) {}

    private static Seen seen(ClassPhoto photo, PhotoFeatures features, Augmentation views) {
        try {
            return new Seen(
                    Optional.of(new Example(photo.classIndex(), features.of(photo.file(), views))), Optional.empty());
        } catch (PhotoException e) {
            return new Seen(Optional.empty(), Optional.of(new Skipped(photo.file(), e.getMessage())));
        }
    }

    private static void requireClasses(PhotoSet photos, Examples examples, List<Skipped> skipped) {
        int[] counts = examples.counts();
        TreeSet<String> empty = new TreeSet<>();
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] == 0) {
                empty.add(photos.labels().get(c));
            }
        }
        if (!empty.isEmpty()) {
            throw new TrainingDataException("none of the training photos of " + empty + " could be read"
                    + (skipped.isEmpty()
                            ? ""
                            : ", '" + skipped.get(0).file() + "' for instance: "
                                    + skipped.get(0).reason())
                    + ". Replace them, or remove the classes.");
        }
    }

    /** Counts photos and estimates the time that is left. */
    private static final class Clock {

        private final long start = System.nanoTime();
        private final int total;
        private int done;

        private Clock(int total) {
            this.total = total;
        }

        private FeatureProgress next() {
            done++;
            Duration each = Duration.ofNanos(System.nanoTime() - start).dividedBy(done);
            return new FeatureProgress(done, total, each.multipliedBy(total - done));
        }
    }
}
