package org.cam4j;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.cam4j.dl4j.engine.Backend;
import org.cam4j.dl4j.engine.Nd4jBatch;
import org.cam4j.dl4j.engine.Nd4jValues;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.FiniteNumbers;
import org.cam4j.engine.Engines;
import org.cam4j.exception.BackendException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.file.Sha256;
import org.cam4j.image.ImageInput;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.PhotoReader;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.keras.KerasReader;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.operation.Shape;
import org.cam4j.prepared.ModelDescription;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.prepared.PreparedModel;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Shows which part of a picture made a network choose a class: class activation maps (Zhou et al., CVPR 2016).
 *
 * <p>Works for networks that end in convolutions, global average pooling and linear layers, such as a VGG19 whose fully
 * connected layers gave way to global average pooling; others are refused when the mapper is built, naming the layers.
 *
 * <pre>{@code
 * try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(Path.of("vgg19-gap.h5"))
 *         .preprocessing(Preprocessing.CAFFE)
 *         .labels(Labels.read(Path.of("animals.txt")))
 *         .build()) {
 *     Explanation explanation = mapper.explain(Path.of("pandas.jpg"));
 *     Prediction best = explanation.prediction();
 *     ActivationMap map = explanation.map();
 * }
 * }</pre>
 *
 * <p>Immutable and safe to share between any number of threads: concurrent calls give the same bits as sequential ones. Owns
 * native memory until it is closed; after {@link #close()} every call throws {@link IllegalStateException}.
 */
public final class ClassActivationMapper implements AutoCloseable {

    private static final String KERAS_MODEL = "Keras model";

    private final Network network;
    private final Engine engine;
    private final ModelSummary summary;
    private final ScoreFunction scoreFunction;
    private final Optional<String> modelSha256;
    private final Optional<ImagePreparation> preparation;
    private final PhotoReader reader;
    private final Labels labels;
    private volatile boolean closed;

    ClassActivationMapper(
            Network network,
            ScoreFunction scoreFunction,
            Optional<String> modelSha256,
            Optional<ImagePreparation> preparation,
            PhotoReader reader,
            Labels labels) {
        this.network = network;
        this.engine = network.engine();
        this.summary = network.summary();
        this.scoreFunction = scoreFunction;
        this.modelSha256 = modelSha256;
        this.preparation = preparation;
        this.reader = reader;
        this.labels = labels;
    }

    /**
     * Loads in the background what the first photo needs, oneDNN's native library and Java's picture readers. Worth a call as a
     * program's first line where its start-up time counts; nothing depends on it.
     */
    public static void warmUp() {
        Thread thread = new Thread(
                () -> {
                    Engines.fit(EngineSettings.standard());
                    PhotoReader.warmUp();
                },
                "cam4j-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens a prepared model, which is ready without HDF5, DL4J and, until an {@code INDArray} is asked for, ND4J: none of them
     * need be on the classpath.
     *
     * <p>The file is mapped into memory and used where it lies: as long as the mapper lives it may be replaced by another, but not
     * be changed in place.
     *
     * @param prepared what {@link #save} wrote
     * @return a mapper that gives the results of the one that was saved, bit for bit on the same machine; to be closed by its user
     * @throws ModelFileException if the file is missing, damaged, no prepared model, or a lean one that does not fit here
     */
    public static ClassActivationMapper open(Path prepared) {
        return new MapperBuilder(new PreparedSource(prepared)).build();
    }

    /**
     * Starts from a Keras file or a prepared model, whichever it is by its content.
     *
     * @param model the file
     * @return a builder for the rest; what a prepared model holds, preprocessing and labels among it, can be changed there
     * @throws ModelFileException if the file is missing, damaged or neither of them
     * @throws UnsupportedModelException if it has layers that cannot be built
     */
    public static MapperBuilder from(Path model) {
        return PreparedFile.isOne(model) ? new MapperBuilder(new PreparedSource(model)) : fromKeras(model);
    }

    /**
     * Starts from a Keras file. Preprocessing, resizing and labels are taken from the JSON file beside it where there is one
     * ({@code model.json} for {@code model.h5}).
     *
     * @param model the file
     * @return a builder for the rest
     * @throws ModelFileException if the file is missing, damaged or no Keras model
     * @throws UnsupportedModelException if it has layers that cannot be built
     * @throws BackendException if ND4J has no backend that can run here
     */
    public static MapperBuilder fromKeras(Path model) {
        return fromKeras(model, KerasModels.reader());
    }

    /**
     * Starts from a Keras file, read with settings of the application's own: its layers, one of several outputs, weights from another
     * file, limits. Otherwise as {@link #fromKeras(Path)}.
     *
     * @param model the file
     * @param settings how it is read, such as {@code KerasModels.reader().withLayer("zoo>Wobble", wobble)}
     * @return a builder for the rest
     * @throws ModelFileException if the file is missing, damaged or no Keras model
     * @throws UnsupportedModelException if it has layers that cannot be built
     * @throws BackendException if ND4J has no backend that can run here
     */
    public static MapperBuilder fromKeras(Path model, KerasReader settings) {
        Objects.requireNonNull(settings, "settings");
        Backend.here().requireUsable();
        // Beside the loading: a hash takes half a second where Java's fast compiler is off.
        CompletableFuture<String> hash = CompletableFuture.supplyAsync(() -> sha256(model));
        ImportedModel imported = settings.load(model);
        return new MapperBuilder(GraphSource.ours(
                imported, model.getFileName().toString(), Optional.of(finished(hash)), ModelSettings.beside(model)));
    }

    /**
     * Starts from a Keras model in a stream, such as a resource of the classpath.
     *
     * @param model the bytes of a file; read to its end, not closed
     * @return a builder for the rest
     * @throws ModelFileException if it is damaged or no Keras model
     * @throws UnsupportedModelException if it has layers that cannot be built
     * @throws BackendException if ND4J has no backend that can run here
     */
    public static MapperBuilder fromKeras(InputStream model) {
        Backend.here().requireUsable();
        return ours(KerasModels.load(model));
    }

    /**
     * Starts from a Keras model in memory.
     *
     * @param model the bytes of a file; not modified
     * @return a builder for the rest
     * @throws ModelFileException if it is damaged or no Keras model
     * @throws UnsupportedModelException if it has layers that cannot be built
     * @throws BackendException if ND4J has no backend that can run here
     */
    public static MapperBuilder fromKeras(byte[] model) {
        Backend.here().requireUsable();
        return ours(KerasModels.load(model));
    }

    /**
     * Starts from a Keras model that was read already, with settings of the application's own for instance.
     *
     * @param model as {@link KerasModels} gives it
     * @return a builder for the rest
     */
    public static MapperBuilder of(ImportedModel model) {
        return new MapperBuilder(new GraphSource(model, KERAS_MODEL));
    }

    private static MapperBuilder ours(ImportedModel model) {
        return new MapperBuilder(GraphSource.ours(model, KERAS_MODEL, Optional.empty(), ModelSettings.NONE));
    }

    private static String finished(CompletableFuture<String> hash) {
        try {
            return hash.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ModelFileException reason ? reason : e;
        }
    }

    private static String sha256(Path model) {
        try {
            // Its weights tell a model that was saved as a folder.
            return Sha256.of(Files.isDirectory(model) ? model.resolve("model.weights.h5") : model);
        } catch (IOException e) {
            throw new ModelFileException("model '" + model + "' cannot be read a second time: " + e.getMessage(), e);
        }
    }

    /**
     * Starts from a DL4J graph, imported, built or trained by the application, in NCHW or NHWC. The mapper takes a snapshot of
     * its weights: the graph stays the application's, and training it further does not change the mapper.
     *
     * @param graph an initialised graph
     * @return a builder for the rest; it needs {@link MapperBuilder#inputSize}
     */
    public static MapperBuilder of(ComputationGraph graph) {
        ImportedModel model = new ImportedModel(
                graph, 0, 0, 0, false, graph.getConfiguration().getNetworkOutputs(), List.of(), List.of());
        return new MapperBuilder(new GraphSource(model, "DL4J graph"));
    }

    /**
     * Starts from a plan that the application has built, whatever it comes from. Its only output, or the one that is chosen, are the
     * classes' scores or probabilities.
     *
     * @param plan a network; it needs neither DL4J nor ND4J
     * @return a builder for the rest
     */
    public static MapperBuilder of(InferencePlan plan) {
        return new MapperBuilder(new PlanSource(plan));
    }

    /**
     * Explains a photo.
     *
     * @param photo a JPEG, PNG, WebP, GIF, BMP or TIFF file
     * @return predictions and maps
     * @throws PhotoException if it cannot be read
     */
    public Explanation explain(Path photo) {
        ensureOpen();
        return explain(reader.read(photo), photo.getFileName().toString());
    }

    /**
     * Explains a photo from a stream.
     *
     * @param photo an encoded picture; read to its end, not closed
     * @return predictions and maps
     * @throws PhotoException if it cannot be read
     */
    public Explanation explain(InputStream photo) {
        ensureOpen();
        return explain(reader.read(photo), "image");
    }

    /**
     * Explains a photo in memory.
     *
     * @param photo an encoded picture
     * @return predictions and maps
     * @throws PhotoException if it cannot be read
     */
    public Explanation explain(byte[] photo) {
        ensureOpen();
        return explain(reader.read(photo), "image");
    }

    /**
     * Explains a decoded photo.
     *
     * @param photo upright; kept by the explanation, so leave it alone
     * @return predictions and maps
     */
    public Explanation explain(BufferedImage photo) {
        ensureOpen();
        return explain(PhotoReader.toRgb(photo), "image");
    }

    /**
     * Explains several decoded photos in one run of the network.
     *
     * @param photos upright; kept by the explanations, so leave them alone
     * @return as many explanations, in order; empty for no photos
     */
    public List<Explanation> explain(List<BufferedImage> photos) {
        ensureOpen();
        return photos.isEmpty()
                ? List.of()
                : run(
                        photos.stream()
                                .map(photo -> Prepared.of(PhotoReader.toRgb(photo), "image", prepare()))
                                .toList(),
                        prepare());
    }

    /**
     * Explains many photos: decoding, the network and whoever takes the results work at the same time, and the results come in
     * the photos' order. What the caller does with a result therefore costs nothing as long as it is faster than the network.
     *
     * <pre>{@code
     * try (Stream<Path> photos = Files.list(folder); Stream<PhotoResult> results = mapper.explainAll(photos)) {
     *     results.forEach(result -> { ... });
     * }
     * }</pre>
     *
     * <p>A handful of photos is in memory at any time. The threads begin with the first result that is asked for; closing the
     * stream or interrupting its thread stops them, in the latter case with a {@link
     * java.util.concurrent.CancellationException}. A photo goes through the network alone, so that its bits do not depend on its
     * neighbours.
     *
     * <p>Whatever fails at one photo, an {@link Error} included, is its result. One that ran out of memory is tried again when nothing
     * else is decoded, since its neighbours may have filled the heap.
     *
     * @param photos files as for {@link #explain(Path)}; taken bit by bit, and closed with the results
     * @return a result for each photo, also for those that cannot be read; close it
     * @throws IllegalStateException if nobody said how photos are prepared
     */
    public Stream<PhotoResult> explainAll(Stream<Path> photos) {
        ensureOpen();
        ImagePreparation prepare = prepare();
        return PhotoPipeline.results(
                photos,
                photo -> Prepared.of(reader.read(photo), photo.getFileName().toString(), prepare),
                prepared -> run(List.of(prepared), prepare).get(0));
    }

    /**
     * Explains a decoded photo at a size of its own, for networks that leave it open.
     *
     * @param photo upright; kept by the explanation, so leave it alone
     * @param height rows that the network shall see
     * @param width columns that the network shall see
     * @return predictions and maps
     * @throws IllegalArgumentException if the network does not leave its size open and this is another
     */
    public Explanation explain(BufferedImage photo, int height, int width) {
        ensureOpen();
        ImagePreparation usual = prepare();
        if (!network.sizeIsOpen() && (height != usual.height() || width != usual.width())) {
            throw new IllegalArgumentException("'" + summary.model() + "' takes images of " + usual.height() + "x"
                    + usual.width() + ", not " + height + "x" + width
                    + ": only a Keras model whose rows and columns are"
                    + " None leaves them open.");
        }
        ImagePreparation prepare = new ImagePreparation(
                height, width, usual.channels(), usual.preprocessing(), usual.interpolation(), usual.fit());
        return run(List.of(Prepared.of(PhotoReader.toRgb(photo), "image", prepare)), prepare)
                .get(0);
    }

    private Explanation explain(BufferedImage photo, String name) {
        return run(List.of(Prepared.of(photo, name, prepare())), prepare()).get(0);
    }

    private ImagePreparation prepare() {
        return preparation.orElseThrow(() -> new IllegalStateException("nobody said how photos are prepared for '"
                + summary.model() + "': give the preprocessing that the network was"
                + " trained with to the builder, preprocessing(Preprocessing.CAFFE) for instance, or in a JSON file beside"
                + " the model."));
    }

    private List<Explanation> run(List<Prepared> photos, ImagePreparation prepare) {
        ensureOpen();
        ImageInput first = photos.get(0).input();
        for (Prepared photo : photos) {
            if (!FiniteNumbers.areAll(photo.input().values())) {
                throw notFinite("photo '" + photo.name() + "' has pixels that are not finite after preprocessing");
            }
        }
        Activations activations = network.run(Batch.of(
                stacked(photos.stream().map(Prepared::input).toList()),
                new Shape(first.height(), first.width(), first.channels())));
        Provenance provenance =
                new Provenance(summary.model(), modelSha256, engine.name(), prepare.toString(), version());
        MapPlacement placement = network.placements().of(first.height(), first.width());
        List<Explanation> explanations = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            Prepared photo = photos.get(i);
            if (!activations.isFinite(i)) {
                throw notFinite("the network's scores or activations of photo '" + photo.name() + "' are not finite");
            }
            explanations.add(new Explanation(
                    photo.name(),
                    photo.photo(),
                    photo.input().geometry(),
                    placement,
                    RawMaps.of(activations, i),
                    activations.logits(i),
                    scoreFunction,
                    labels,
                    provenance));
        }
        return List.copyOf(explanations);
    }

    private static PhotoException notFinite(String found) {
        return new PhotoException(found
                + "; expected finite numbers. Look for NaN or huge numbers among the model's weights, and check that the"
                + " preprocessing is the one that it was trained with.");
    }

    /** A photo, what it is called, and what the network will see of it. */
    private record Prepared(String name, BufferedImage photo, ImageInput input) {

        static Prepared of(BufferedImage photo, String name, ImagePreparation preparation) {
            return new Prepared(name, photo, preparation.prepare(photo));
        }
    }

    private static float[] stacked(List<ImageInput> inputs) {
        int size = inputs.get(0).values().length;
        float[] batch = new float[Math.multiplyExact(inputs.size(), size)];
        for (int i = 0; i < inputs.size(); i++) {
            System.arraycopy(inputs.get(i).values(), 0, batch, i * size, size);
        }
        return batch;
    }

    /**
     * Runs a batch once and gives everything: activations, logits, maps of any class.
     *
     * @param images preprocessed [n, height, width, channels], whatever the graph's own layout; not modified. Height and width
     *     may be any where the Keras model leaves them open, otherwise they are the network's
     * @return activations and logits, still on the backend's device
     * @throws IllegalArgumentException if the images are not of the network's input shape
     */
    public Activations activations(INDArray images) {
        ensureOpen();
        long[] shape = images.shape();
        if (shape.length != 4
                || shape[0] < 1
                || (!network.sizeIsOpen() && (shape[1] != summary.inputHeight() || shape[2] != summary.inputWidth()))
                || shape[3] != summary.inputChannels()) {
            throw new IllegalArgumentException("images of shape " + Arrays.toString(shape) + "; expected [n, "
                    + summary.inputHeight() + ", " + summary.inputWidth() + ", " + summary.inputChannels()
                    + "] (batch, height, width, channels), preprocessed.");
        }
        if (!Nd4jValues.areFinite(images)) {
            throw notFinite("the images have pixels that are not finite");
        }
        Activations activations = network.run(new Nd4jBatch(images));
        for (int i = 0; i < activations.count(); i++) {
            if (!activations.isFinite(i)) {
                throw notFinite("the network's scores or activations of image " + i + " of the batch are not finite");
            }
        }
        return activations;
    }

    /**
     * The last convolution's activations of a batch; several feature maps that are pooled come one after the other along the channels.
     *
     * @param images preprocessed [n, height, width, channels]; not modified
     * @return [n, h, w, k]
     */
    public INDArray convActivations(INDArray images) {
        return activations(images).features();
    }

    /**
     * The raw class activation maps of a batch: {@code M(y, x) = Σ_k W(k, c) · A(y, x, k)}, as one matrix product.
     *
     * @param images preprocessed [n, height, width, channels]; not modified
     * @param classes which classes, each in [0, classes)
     * @return [n, classes.length, h, w]
     */
    public INDArray maps(INDArray images, int... classes) {
        Activations activations = activations(images);
        for (int classIndex : classes) {
            if (classIndex < 0 || classIndex >= activations.classes()) {
                throw new IllegalArgumentException("class " + classIndex
                        + " is out of range: the model's classes are 0 to " + (activations.classes() - 1) + ".");
            }
        }
        return activations.maps(classes);
    }

    /**
     * Maps enlarged by bilinear interpolation with half-pixel centres, wherever {@link #placement()} says that they lie (TensorFlow 2's {@code tf.image.resize}, PyTorch's
     * {@code align_corners=False}), on the backend.
     *
     * @param maps [n, classes, h, w]; not modified
     * @param height rows of the result
     * @param width columns of the result
     * @return [n, classes, height, width]
     */
    public INDArray upsample(INDArray maps, int height, int width) {
        ensureOpen();
        return BatchUpsampling.bilinear(maps, height, width);
    }

    /**
     * The weights that join the pooled features to the classes. Where several linear layers do that, normalisation, dense layers,
     * sums, these are what they fold into; where several feature maps are pooled, their channels come one after the other.
     *
     * @return a copy, [k, classes]
     */
    public INDArray denseWeights() {
        ensureOpen();
        LinearHead head = network.head();
        return Nd4j.createFromArray(head.weights()).reshape('c', head.channels(), head.classes());
    }

    /**
     * The classes' biases, folded like {@link #denseWeights()}.
     *
     * @return a copy, [classes]; zeros where the head has none
     */
    public INDArray denseBias() {
        ensureOpen();
        return Nd4j.createFromArray(network.head().bias());
    }

    /**
     * The graph that the mapper was made from.
     *
     * @return the graph itself; the mapper works on a copy of its own
     * @throws IllegalStateException if it was let go of to save memory, or there never was one
     */
    public ComputationGraph graph() {
        ensureOpen();
        return network.graph()
                .orElseThrow(() -> new IllegalStateException("the graph of '" + summary.model()
                        + "' is not kept: build the mapper from the Keras file with keepGraph()."));
    }

    /**
     * Saves the mapper as a prepared model: one file with the network as the engine runs it, its packed weights, how photos are
     * prepared and the classes' names. {@link #open} is ready in a fraction of the time that the Keras file takes.
     *
     * <p>Where another processor or another version of oneDNN opens it, the weights are packed again from the plain ones, which are
     * in the file too. A network that leaves its size open is saved for its usual size.
     *
     * @param file where to, for example {@code vgg19-gap.cam4j}; written whole or not at all, an existing file is replaced
     * @throws UnsupportedModelException if the network has no plan, because some layers are known to DL4J only
     * @throws UncheckedIOException if the file cannot be written
     */
    public void save(Path file) {
        save(file, false);
    }

    /**
     * Saves the mapper as {@link #save} does, but without the plain weights: a smaller file, which opens only where the packed ones
     * fit.
     *
     * @param file where to; written whole or not at all, an existing file is replaced
     * @throws UnsupportedModelException if the network has no plan, or no packed weights because oneDNN does not run it
     * @throws UncheckedIOException if the file cannot be written
     */
    public void saveLean(Path file) {
        save(file, true);
    }

    private void save(Path file, boolean lean) {
        ensureOpen();
        InferencePlan plan = network.plan()
                .orElseThrow(() -> new UnsupportedModelException("'" + summary.model()
                        + "' cannot be prepared: it runs on " + engine.name()
                        + ", and only what has a plan can be saved as one. Use the Keras file."));
        engine.showPacking(packing -> {
            if (lean && packing.isEmpty()) {
                throw new UnsupportedModelException("'" + summary.model() + "' cannot be prepared lean: it runs on "
                        + engine.name() + ", which packs no weights. Prepare it with the plain weights.");
            }
            PreparedFile.write(
                    file,
                    new PreparedModel(description(), preparation, labels.names(), plan, network.head(), packing, lean));
        });
    }

    private ModelDescription description() {
        return new ModelDescription(
                summary.model(),
                modelSha256,
                version(),
                summary.lastConvolution(),
                summary.features(),
                summary.pooling(),
                summary.head(),
                summary.activation().name(),
                scoreFunction.name(),
                summary.parameters(),
                summary.notes());
    }

    /**
     * The classes' names.
     *
     * @return as many as the network has outputs
     */
    public Labels labels() {
        ensureOpen();
        return labels;
    }

    /**
     * What was found in the network.
     *
     * @return input, last convolution, pooling, head
     */
    public ModelSummary summary() {
        ensureOpen();
        return summary;
    }

    /**
     * Where the cells of maps lie in images of the network's usual size. Maps of photos bring it with them; who enlarges {@link #maps}
     * must not take for granted that they cover the whole image.
     *
     * @return most often all of the image, evenly
     */
    public MapPlacement placement() {
        ensureOpen();
        return network.placements().of(summary.inputHeight(), summary.inputWidth());
    }

    /**
     * How photos are prepared.
     *
     * @return empty if nobody said the preprocessing; then only arrays can be explained
     */
    public Optional<ImagePreparation> preparation() {
        ensureOpen();
        return preparation;
    }

    /**
     * What runs the network.
     *
     * @return a short name
     */
    public String engine() {
        ensureOpen();
        return engine.name();
    }

    /**
     * What the engine computes: the network's steps after everything was folded and fused. Its {@code toString} lists them.
     *
     * @return nothing where the network runs on DL4J's layers, for the reason that {@link #engine()} gives
     */
    public Optional<InferencePlan> plan() {
        ensureOpen();
        return network.plan();
    }

    /**
     * cam4j's version.
     *
     * @return for example {@code 0.1.0}
     */
    public static String version() {
        return Version.TEXT;
    }

    /** Frees the native memory. Explanations that were handed out stay valid. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        engine.close();
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("the mapper is closed: build a new one");
        }
    }

    /** Read once, when first asked for. */
    private static final class Version {

        static final String TEXT = read();

        private static String read() {
            try (InputStream text = ClassActivationMapper.class.getResourceAsStream("version.txt")) {
                return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
            } catch (IOException e) {
                throw new UncheckedIOException("version.txt is missing from cam-core's jar", e);
            }
        }
    }
}
