package org.cam4j;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.MapPlacement;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.keras.KerasReader;
import org.cam4j.plan.InferencePlan;
import org.cam4j.prepared.PreparedFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

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
public final class ClassActivationMapper implements PhotoExplainer, NetworkArrays, AutoCloseable {

    private final Lifetime lifetime;
    private final Network network;
    private final PhotoExplainer photos;
    private final NetworkArrays arrays;
    private final PreparedWriter prepared;

    ClassActivationMapper(Lifetime lifetime, Network network, PhotoExplainer photos, PreparedWriter prepared) {
        this.lifetime = lifetime;
        this.network = network;
        this.photos = photos;
        this.arrays = new Nd4jArrays(network);
        this.prepared = prepared;
    }

    /**
     * Loads in the background what the first photo needs, oneDNN and picture readers: for programs whose start-up time counts.
     */
    public static void warmUp() {
        WarmUp.start();
    }

    /**
     * Opens a prepared model, for which HDF5, DL4J and, until an {@code INDArray} is asked for, ND4J need not be on the classpath. The
     * file is mapped into memory without copying: as long as the mapper lives it may be replaced, but not be changed in place.
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
     * @throws org.cam4j.exception.BackendException if ND4J has no backend that can run here
     */
    public static MapperBuilder fromKeras(Path model) {
        return fromKeras(model, KerasModels.reader());
    }

    /**
     * {@return a builder for a Keras file that is read with settings of the application's own: its layers, one of several outputs,
     * weights from another file, limits} Otherwise as {@link #fromKeras(Path)}.
     *
     * @param model the file
     * @param settings how it is read, such as {@code KerasModels.reader().withLayer("zoo>Wobble", wobble)}
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
     * {@return a builder for a Keras model that was read already, with settings of the application's own for instance}
     *
     * @param model as {@link KerasModels} gives it
     */
    public static MapperBuilder of(ImportedModel model) {
        return new MapperBuilder(new GraphSource(model, KerasSource.UNNAMED));
    }

    /**
     * {@return a builder for a DL4J graph, which needs {@link MapperBuilder#inputSize}} The graph may be imported, built or trained
     * by the application, in NCHW or NHWC, and stays the application's: the mapper takes a snapshot of its weights.
     *
     * @param graph an initialised graph
     */
    public static MapperBuilder of(ComputationGraph graph) {
        return new MapperBuilder(GraphSource.of(graph));
    }

    /**
     * {@return a builder for a plan that the application has built, whatever it comes from} Its only output, or the one that is
     * chosen, are the classes' scores or probabilities.
     *
     * @param plan a network; it needs neither DL4J nor ND4J
     */
    public static MapperBuilder of(InferencePlan plan) {
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
    public Explanation explain(BufferedImage photo, String name, int height, int width) {
        return opened(photos).explain(photo, name, height, width);
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
     * Saves the mapper as a prepared model: one file with the network as the engine runs it, its packed weights, how photos are
     * prepared and the classes' names. {@link #open} is ready in a fraction of the time that the Keras file takes. Where another
     * processor or another version of oneDNN opens it, the weights are packed again from the plain ones, which are in the file too.
     * A network that leaves its size open is saved for its usual size.
     *
     * @param file where to, for example {@code vgg19-gap.cam4j}; written whole or not at all, an existing file is replaced
     * @throws UnsupportedModelException if the network has no plan, because some layers are known to DL4J only
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void save(Path file) {
        opened(prepared).write(file, false);
    }

    /**
     * Saves the mapper without the plain weights: a smaller file than that of {@link #save}, which opens only where the packed fit.
     *
     * @param file where to; written whole or not at all, an existing file is replaced
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

    /** {@return what was found in the network: input, last convolution, pooling, head} */
    public ModelSummary summary() {
        return opened(network).summary();
    }

    /**
     * {@return where the cells of maps lie in images of the network's usual size: most often all of the image, evenly} Maps of photos
     * bring it with them; code that enlarges {@link #maps} must not take for granted that they cover the whole image.
     */
    public MapPlacement placement() {
        return opened(network).usualPlacement();
    }

    /** {@return how photos are prepared; empty if the preprocessing is not set: then only arrays can be explained} */
    public Optional<ImagePreparation> preparation() {
        return opened(prepared).preparation();
    }

    /** {@return the short name of what runs the network} */
    public String engine() {
        return opened(network).engine().name();
    }

    /**
     * {@return what the engine computes: the network's steps, folded and fused, which its {@code toString} lists; empty where the
     * network runs on DL4J's layers, for the reason that {@link #engine()} gives}
     */
    public Optional<InferencePlan> plan() {
        return opened(network).plan();
    }

    /** {@return cam4j's version, for example {@code 0.1.0}} */
    public static String version() {
        return Version.TEXT;
    }

    /** Frees the native memory. Explanations that were handed out stay valid. Closing twice does nothing. */
    @Override
    public void close() {
        lifetime.end();
        network.engine().close();
    }

    /** A part of the mapper; refused after {@link #close()}. */
    private <P> P opened(P part) {
        lifetime.requireOpen();
        return part;
    }
}
