package org.cam4j;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.PhotoReader;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.keras.KerasReader;
import org.cam4j.keras.ReadLimits;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;
import org.cam4j.prepared.PreparedFile;
import org.cam4j.process.LibraryThreads;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Shows which part of a photo made a network choose a class: class activation maps (Zhou et al., CVPR 2016).
 *
 * <p>Works for networks with a layer of rows and columns and any head of known layers behind it, from one dense layer on pooled features,
 * as in the paper, to hidden layers and attention: {@code mean(map) + bias} is the class's logit. {@link MapperBuilder#build()} refuses
 * other networks and names the layers that are in the way.
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
 * <p>Immutable and thread-safe: concurrent calls give the same bits as sequential ones. Owns native memory until it is closed;
 * after {@link #close()} every call throws {@link IllegalStateException}.
 */
public final class ClassActivationMapper implements PhotoExplainer, NetworkArrays, AutoCloseable {

    private final Lifetime lifetime;
    private final Network network;
    private final NetworkExplainer photos;
    private final NetworkArrays arrays;
    private final PreparedWriter prepared;

    ClassActivationMapper(Lifetime lifetime, Network network, NetworkExplainer photos, PreparedWriter prepared) {
        this.lifetime = lifetime;
        this.network = network;
        this.photos = photos;
        this.arrays = new Nd4jArrays(network);
        this.prepared = prepared;
    }

    /**
     * Loads oneDNN and the photo decoders on a daemon thread, so that the first explanation takes less time. Optional.
     */
    public static void warmUp() {
        WarmUp.start();
    }

    /**
     * Ends the threads of JavaCPP and ND4J, which otherwise keep the application's class loader in memory for ever. For applications whose
     * class loader is dropped while the JVM goes on, such as in a servlet container; call it when the last mapper is closed, as the last
     * thing that is done with cam4j, DL4J and ND4J: their native memory is not collected any more. Libraries that another class loader
     * shares among applications go on.
     */
    public static void shutDown() {
        LibraryThreads.end();
    }

    /**
     * Opens a prepared model. HDF5 and DL4J need not be on the classpath; ND4J is needed only for {@code INDArray}s.
     *
     * <p>Maps the file into memory without copying. While the mapper is in use, the file may be replaced by another, but must not be
     * modified in place.
     *
     * @param prepared a file that {@link #save} or {@link #saveLean} wrote
     * @return a mapper with the results of the saved one, bit for bit on the same machine; the caller closes it
     * @throws ModelFileException if the file is missing, damaged, not a prepared model, or a lean one whose packed weights do not fit
     *     this machine's processor or its number of threads
     */
    public static ClassActivationMapper open(Path prepared) {
        return new MapperBuilder(new PreparedSource(prepared)).build();
    }

    /**
     * Starts from a Keras file, a prepared model, or an ONNX file if the module {@code cam-onnx} is on the classpath; the content of the
     * file decides which.
     *
     * <p>Weights are read from the file when they are needed. While the builder or a mapper is in use, the file may be replaced by another,
     * but must not be modified in place: later readings would be refused.
     *
     * @param model the file
     * @return a builder; it can override the preprocessing and labels that the file holds
     * @throws ModelFileException if the file is missing, damaged, of another format, or of one whose module is not on the classpath
     * @throws UnsupportedModelException if it has layers that cannot be built
     */
    public static MapperBuilder from(Path model) {
        if (PreparedFile.isOne(model)) {
            return new MapperBuilder(new PreparedSource(model));
        }
        return ModelDoors.open(model).map(MapperBuilder::new).orElseGet(() -> fromKeras(model));
    }

    /**
     * {@return a builder for a Keras or ONNX model in memory} The content decides which; otherwise as {@link #from(Path)}, without
     * settings in files beside it. Prepared models are mapped from their files.
     *
     * @param model the bytes of a file; not copied, do not modify them while a mapper of them is open
     * @throws ModelFileException if the model is damaged, a prepared one, of another format, or keeps weights in other files
     */
    public static MapperBuilder from(byte[] model) {
        if (PreparedFile.isOne(model)) {
            throw new ModelFileException(
                    "the bytes are a prepared model, which is mapped from its file: write them to a file and give its path.");
        }
        return ModelDoors.open(model).map(MapperBuilder::new).orElseGet(() -> fromKeras(model));
    }

    /**
     * {@return a builder for a Keras or ONNX model in a stream, such as a resource of the classpath} Otherwise as {@link #from(byte[])}.
     *
     * @param model the bytes of a file; read to its end, not closed
     * @throws ModelFileException if it cannot be read, or has 2 GiB or more
     */
    public static MapperBuilder from(InputStream model) {
        Objects.requireNonNull(model, "the stream is null: is the resource on the classpath?");
        try {
            return from(ReadLimits.standard().content(model));
        } catch (IOException e) {
            throw new ModelFileException("the model's stream cannot be read: " + IoReason.of(e), e);
        }
    }

    /**
     * Starts from a Keras file. If a JSON file lies beside it ({@code model.json} for {@code model.h5}), preprocessing, resizing, fit and
     * labels are read from that JSON file.
     *
     * <p>Weights are read from the file when they are needed, as by {@link #from(Path)}: do not modify it in place while the builder or a
     * mapper is in use.
     *
     * @param model the file
     * @return a builder
     * @throws ModelFileException if the file is missing, damaged or not a Keras model
     * @throws UnsupportedModelException if it has layers that cannot be built
     * @throws org.cam4j.exception.BackendException if ND4J has no backend that can run here
     */
    public static MapperBuilder fromKeras(Path model) {
        return fromKeras(model, KerasModels.reader());
    }

    /**
     * {@return a builder for a Keras file that is read with the given settings: custom layers, one of several outputs, weights from
     * another file, limits} Otherwise as {@link #fromKeras(Path)}.
     *
     * @param model the file
     * @param settings for the reader of the file, such as {@code KerasModels.reader().withLayer("zoo>Wobble", wobble)}
     */
    public static MapperBuilder fromKeras(Path model, KerasReader settings) {
        return new MapperBuilder(KerasSource.of(model, settings));
    }

    /**
     * {@return a builder for a Keras model in a stream, such as a resource of the classpath} Otherwise as {@link #fromKeras(Path)}.
     *
     * @param model the bytes of a file; read to its end, not closed
     */
    public static MapperBuilder fromKeras(InputStream model) {
        return new MapperBuilder(KerasSource.of(model));
    }

    /**
     * {@return a builder for a Keras model in memory} Otherwise as {@link #fromKeras(Path)}.
     *
     * @param model the bytes of a file; not modified
     */
    public static MapperBuilder fromKeras(byte[] model) {
        return new MapperBuilder(KerasSource.of(model));
    }

    /**
     * {@return a builder for a Keras model that the application has already read, for example with its own settings}
     *
     * @param model as {@link KerasModels} returns it
     */
    public static MapperBuilder of(ImportedModel model) {
        return new MapperBuilder(new GraphSource(model, KerasSource.UNNAMED));
    }

    /**
     * {@return a builder for a DL4J graph; {@link MapperBuilder#inputSize} must be set} The application may have imported, built or
     * trained the graph, in NCHW or NHWC. It keeps the graph: the mapper copies the weights.
     *
     * @param graph an initialised graph
     */
    public static MapperBuilder of(ComputationGraph graph) {
        return new MapperBuilder(GraphSource.of(graph));
    }

    /**
     * {@return a builder for a plan that the application has built; needs neither DL4J nor ND4J}
     *
     * @param plan a network whose only output, or the one that {@link MapperBuilder#output} chooses, holds the classes' scores or
     *     probabilities
     */
    public static MapperBuilder ofPlan(InferencePlan plan) {
        return new MapperBuilder(new PlanSource(plan));
    }

    @Override
    public Explanation explain(Path photo) {
        return opened(photos).explain(photo);
    }

    @Override
    public Explanation explain(InputStream photo, String name) {
        return opened(photos).explain(photo, name);
    }

    @Override
    public Explanation explain(byte[] photo, String name) {
        return opened(photos).explain(photo, name);
    }

    @Override
    public Explanation explain(BufferedImage photo, String name) {
        return opened(photos).explain(photo, name);
    }

    @Override
    public Explanation explain(DecodedPhoto photo, String name) {
        return opened(photos).explain(photo, name);
    }

    @Override
    public Explanation explain(BufferedImage photo, String name, int height, int width) {
        return opened(photos).explain(photo, name, height, width);
    }

    @Override
    public List<Explanation> explain(InputTensor images) {
        return opened(photos).explain(images);
    }

    @Override
    public Explanation explain(InputTensor images, int image) {
        return opened(photos).explain(images, image);
    }

    @Override
    public List<Explanation> explain(List<BufferedImage> photos) {
        return opened(this.photos).explain(photos);
    }

    @Override
    public Stream<PhotoResult> explainAll(Stream<Path> photos) {
        return opened(this.photos).explainAll(photos);
    }

    @Override
    public Stream<PhotoResult> explainNamed(Stream<NamedPhoto> photos) {
        return opened(this.photos).explainNamed(photos);
    }

    @Override
    public Activations activations(INDArray images) {
        return opened(arrays).activations(images);
    }

    @Override
    public INDArray upsample(INDArray maps, int height, int width) {
        return opened(arrays).upsample(maps, height, width);
    }

    @Override
    public INDArray denseWeights() {
        return opened(arrays).denseWeights();
    }

    @Override
    public INDArray denseBias() {
        return opened(arrays).denseBias();
    }

    @Override
    public ComputationGraph graph() {
        return opened(arrays).graph();
    }

    /**
     * Saves the mapper as a prepared model: one file with the network's plan, its plain and packed weights, the preparation of photos
     * and the classes' names.
     *
     * <p>{@link #open} takes a fraction of the time that the Keras file takes. On another processor or with another version of oneDNN,
     * {@link #open} packs the plain weights again. If the network takes images of any size, it is saved for its usual size only.
     *
     * @param file the path to write, for example {@code vgg19-gap.cam4j}; written whole or not at all, replaces an existing file
     * @throws UnsupportedModelException if the network has no plan, because only DL4J can run some of its layers
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void save(Path file) {
        opened(prepared).write(file, false);
    }

    /**
     * Saves the mapper without the plain weights. The file is smaller than that of {@link #save}, but opens only on machines that the
     * packed weights fit.
     *
     * @param file the path to write; written whole or not at all, replaces an existing file
     * @throws UnsupportedModelException if the network has no plan, or no packed weights because oneDNN does not run it
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void saveLean(Path file) {
        opened(prepared).write(file, true);
    }

    /** {@return the classes' names, as many as the network has outputs} */
    public Labels labels() {
        return opened(prepared).labels();
    }

    /** {@return what was found in the network: input, target layer, pooling, head} */
    public ModelSummary summary() {
        return opened(network).summary();
    }

    /**
     * {@return the layers that methods can be asked for, by name, from the image to the scores; empty if DL4J's layers run the network}
     * Of a prepared model, those that are left after its plan was folded.
     */
    public List<String> layers() {
        return List.copyOf(layerShapes().keySet());
    }

    /** {@return the sizes of {@link #layers} for images of the network's usual size, by name and in the same order} */
    public Map<String, Shape> layerShapes() {
        return opened(network).methods().layers();
    }

    /**
     * {@return where the cells of maps lie in images of the network's usual size; most often they cover the whole image evenly} Each map
     * of a photo has its own placement. Code that enlarges {@link #maps} must not assume that they cover the whole image.
     */
    public MapPlacement placement() {
        return opened(network).usualPlacement();
    }

    /** {@return how photos are prepared; empty if no preprocessing is set: then only arrays can be explained} */
    public Optional<ImagePreparation> preparation() {
        return opened(prepared).preparation();
    }

    /**
     * {@return the reader of files, bytes and streams that are explained, with the limit of {@link MapperBuilder#maxPixels}} For
     * applications that decode photos themselves, to keep less of them or on their own threads.
     */
    public PhotoReader photoReader() {
        return opened(photos).reader();
    }

    /** {@return how the network's logits become probabilities} */
    public ScoreFunction scoreFunction() {
        return opened(prepared).scoreFunction();
    }

    /** {@return the short name of the engine that runs the network} */
    public String engine() {
        return opened(network).engine().name();
    }

    /**
     * {@return the plan that the engine runs: the network's steps, folded and fused, as {@code toString} lists them; empty if DL4J's
     * layers run the network, for the reason in {@link #engine()}}
     */
    public Optional<InferencePlan> plan() {
        return opened(network).plan();
    }

    /** {@return cam4j's version, for example {@code 0.1.0}} */
    public static String version() {
        return Version.TEXT;
    }

    /** Frees the native memory. Explanations stay valid. Closing twice does nothing. */
    @Override
    public void close() {
        lifetime.end();
        network.close();
    }

    /** Returns the given part; throws {@link IllegalStateException} after {@link #close()}. */
    private <P> P opened(P part) {
        lifetime.requireOpen();
        return part;
    }
}
