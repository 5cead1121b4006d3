package org.cam4j;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.engine.EngineSettings;
import org.cam4j.exception.Listed;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.PhotoReader;
import org.cam4j.image.Preprocessing;

/**
 * Puts a {@link ClassActivationMapper} together: a network, how photos are prepared for it, what its classes are called.
 *
 * <p>Values set here override those of the model's JSON file. May build any number of mappers: each has its own native memory, and
 * equal settings give equal bits. Not thread-safe.
 */
public final class MapperBuilder {

    private final ModelSource source;
    private final ModelSettings settings;
    private Optional<Integer> output = Optional.empty();
    private OptionalInt height;
    private OptionalInt width;
    private Optional<Preprocessing> preprocessing = Optional.empty();
    private Optional<Interpolation> interpolation = Optional.empty();
    private Optional<Fit> fit = Optional.empty();
    private Optional<Labels> labels = Optional.empty();
    private PhotoReader reader = PhotoReader.standard();
    private EngineSettings engineSettings = EngineSettings.standard();

    MapperBuilder(ModelSource source) {
        this.source = source;
        this.settings = source.settings();
        this.height = source.inputHeight();
        this.width = source.inputWidth();
    }

    /**
     * The network's outputs, of which {@link #output(String)} chooses one.
     *
     * @return their layers' names in the model's order; one for most models
     */
    public List<String> outputs() {
        return List.copyOf(source.outputs());
    }

    /**
     * Whether {@link #inputSize} must be called: a DL4J graph keeps no size, and a Keras model may leave it open.
     *
     * @return true if the model does not say the size, until it is set
     */
    public boolean needsInputSize() {
        return height.isEmpty() || width.isEmpty();
    }

    /**
     * Which of several outputs is explained; not needed where there is one.
     *
     * @param layer the name of the layer that makes it
     * @return this
     * @throws IllegalArgumentException if the network has no such output; the message names those that it has
     */
    public MapperBuilder output(String layer) {
        int index = source.outputs().indexOf(layer);
        if (index < 0) {
            throw noOutput(Quoted.of(layer));
        }
        return output(index);
    }

    /**
     * Which of several outputs is explained; not needed where there is one.
     *
     * @param index its place among the network's outputs, from 0
     * @return this
     * @throws IllegalArgumentException if the network has fewer outputs; the message names those that it has
     */
    public MapperBuilder output(int index) {
        if (index < 0 || index >= source.outputs().size()) {
            throw noOutput(String.valueOf(index));
        }
        this.output = Optional.of(index);
        return this;
    }

    private IllegalArgumentException noOutput(String asked) {
        return new IllegalArgumentException("'" + source.name() + "' has no output " + asked + ", only "
                + Listed.bracketed(source.outputs()) + ": choose one of them by name, or by its place from 0.");
    }

    /**
     * How pixels become input values. It must be what the network was trained with: a wrong one gives wrong predictions and
     * wrong maps, and nothing can notice.
     *
     * @param preprocessing for example {@link Preprocessing#CAFFE} for Keras' VGG19
     * @return this
     */
    public MapperBuilder preprocessing(Preprocessing preprocessing) {
        this.preprocessing = Optional.of(preprocessing);
        return this;
    }

    /**
     * How photos are resized; bilinear unless said otherwise.
     *
     * @param interpolation nearest as Keras' {@code load_img}, bilinear as {@code tf.image.resize}
     * @return this
     */
    public MapperBuilder resize(Interpolation interpolation) {
        this.interpolation = Optional.of(interpolation);
        return this;
    }

    /**
     * How a photo's proportions become the input's; squashed unless said otherwise, as Keras does.
     *
     * @param fit squash, centre crop or letterbox
     * @return this
     */
    public MapperBuilder fit(Fit fit) {
        this.fit = Optional.of(fit);
        return this;
    }

    /**
     * What the classes are called.
     *
     * @param labels as many as the network has outputs
     * @return this
     */
    public MapperBuilder labels(Labels labels) {
        this.labels = Optional.of(labels);
        return this;
    }

    /**
     * The size of the network's input, which a DL4J graph does not keep. A Keras file says it, unless the model leaves it open:
     * then this is the size that photos are given unless another is asked for.
     *
     * @param height rows
     * @param width columns
     * @return this
     */
    public MapperBuilder inputSize(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("an input of " + height + "x" + width + ": both must be positive");
        }
        this.height = OptionalInt.of(height);
        this.width = OptionalInt.of(width);
        return this;
    }

    /**
     * The largest photo that is decoded; 100 million pixels unless said otherwise.
     *
     * @param pixels width times height
     * @return this
     */
    public MapperBuilder maxPixels(long pixels) {
        this.reader = reader.withMaxPixels(pixels);
        return this;
    }

    /**
     * How many processor cores the network may use; all that the JVM may use unless said otherwise.
     *
     * @param threads at least 1
     * @return this
     */
    public MapperBuilder threads(int threads) {
        this.engineSettings = engineSettings.withThreads(threads);
        return this;
    }

    /**
     * How much memory the network's values may need at the same time, for one image; 4 GiB unless said otherwise. A model that asks for
     * more is refused before anything is allocated.
     *
     * @param bytes at least 1
     * @return this
     */
    public MapperBuilder maxNetworkBytes(long bytes) {
        this.engineSettings = engineSettings.withMaxBytes(bytes);
        return this;
    }

    /**
     * Names the engine that runs the network. Defaults to the fastest that can.
     *
     * @param name {@code oneDNN}, {@code ND4J} (whichever backend it has), {@code Java} (plain loops, slow), or what another module
     *     brings; upper and lower case are the same
     * @return this
     */
    public MapperBuilder engine(String name) {
        this.engineSettings = engineSettings.withEngine(name);
        return this;
    }

    /**
     * Keeps the graph for {@link ClassActivationMapper#graph()}. Otherwise a graph that was read from a file goes as soon as the
     * engine has its plan, and with it a copy of all weights.
     *
     * @return this
     * @throws IllegalStateException if the model is a prepared one or a plan, which hold no graph, or an earlier build has released it
     */
    public MapperBuilder keepGraph() {
        source.keepGraph();
        return this;
    }

    /**
     * Finds the head, starts the engine and checks on a probe that maps add up to scores.
     *
     * @return a mapper, to be closed by its user
     * @throws UnsupportedModelException if a class activation map of the network does not exist; the message names the layers
     * @throws ModelFileException if there are not as many labels as classes
     * @throws IllegalArgumentException if the model is of another size than was set
     * @throws IllegalStateException if the input's size is not set and the model leaves it open
     */
    public ClassActivationMapper build() {
        if (needsInputSize()) {
            throw new IllegalStateException(
                    "the size of the network's input is unknown: a DL4J graph does not keep it, and a Keras model may leave it"
                            + " open. Say it with inputSize(height, width).");
        }
        int rows = height.getAsInt();
        int columns = width.getAsInt();
        ModelSource.Found classifier = source.find(output, rows, columns);
        Labels names = labels(classifier);
        Optional<ImagePreparation> preparation = preprocessing
                .or(settings::preprocessing)
                .map(chosen -> new ImagePreparation(
                        rows,
                        columns,
                        classifier.inputChannels(),
                        chosen,
                        interpolation.or(settings::interpolation).orElse(Interpolation.BILINEAR),
                        fit.or(settings::fit).orElse(Fit.SQUASH)));
        Network network = classifier.start(engineSettings);
        Lifetime lifetime = new Lifetime();
        ScoreFunction scores = classifier.scoreFunction();
        Optional<String> sha256 = source.sha256();
        return new ClassActivationMapper(
                lifetime,
                network,
                new NetworkExplainer(lifetime, network, scores, sha256, preparation, reader, names),
                new PreparedWriter(network, scores, sha256, preparation, names));
    }

    private Labels labels(ModelSource.Found classifier) {
        Labels names = labels.or(settings::labels).orElseGet(() -> Labels.numbered(classifier.classes()));
        if (names.size() != classifier.classes()) {
            throw new ModelFileException("there are " + names.size() + " labels, but '" + source.name() + "' has "
                    + classifier.classes() + " classes (the outputs of '" + classifier.head()
                    + "'): give one label per class, in the order of the outputs.");
        }
        return names;
    }
}
