package org.cam4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.cam4j.engine.EngineGroup;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Precision;
import org.cam4j.exception.Listed;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.Cam;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.PhotoReader;
import org.cam4j.image.PhotoRecipe;
import org.cam4j.image.Preprocessing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a {@link ClassActivationMapper} from a network, the preparation of its photos and the names of its classes.
 *
 * <p>Values set here override the model's JSON settings. One builder may build several mappers: each has its own native memory, and
 * equal settings give equal bits. Not thread-safe.
 */
public final class MapperBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(ClassActivationMapper.class);

    private final ModelSource source;
    private final ModelSettings settings;
    private Optional<Integer> output = Optional.empty();
    private Optional<String> layer = Optional.empty();
    private ExplanationMethod method = Cam.atTarget();
    private OptionalInt height;
    private OptionalInt width;
    private Optional<Preprocessing> preprocessing = Optional.empty();
    private Optional<Interpolation> interpolation = Optional.empty();
    private Optional<Fit> fit = Optional.empty();
    private OptionalInt shortSide = OptionalInt.empty();
    private Optional<Labels> labels = Optional.empty();
    private PhotoReader reader = PhotoReader.standard();
    private Optional<List<Integer>> pictures = Optional.empty();
    private EngineSettings engineSettings = EngineSettings.standard();

    MapperBuilder(ModelSource source) {
        this.source = source;
        this.settings = source.settings();
        this.height = source.inputHeight();
        this.width = source.inputWidth();
    }

    /**
     * Returns the names of the network's outputs; {@link #output(String)} chooses one.
     *
     * @return the outputs' layers by name, in the model's order; most models have one
     */
    public List<String> outputs() {
        return List.copyOf(source.outputs());
    }

    /**
     * Tells whether {@link #inputSize} must be called: a DL4J graph does not store its input size, and a Keras model may leave it open.
     *
     * @return true if the input size is neither in the model nor set
     */
    public boolean needsInputSize() {
        return height.isEmpty() || width.isEmpty();
    }

    /**
     * Chooses the output to explain by name. Not needed if the network has one output.
     *
     * @param layer the name of the output's layer
     * @return this
     * @throws IllegalArgumentException if the network has no such output; the message lists its outputs
     */
    public MapperBuilder output(String layer) {
        int index = source.outputs().indexOf(layer);
        if (index < 0) {
            throw noOutput(Quoted.of(layer));
        }
        return output(index);
    }

    /**
     * Chooses the output to explain by index. Not needed if the network has one output.
     *
     * @param index the output's index among {@link #outputs()}, from 0
     * @return this
     * @throws IllegalArgumentException if the index is out of range; the message lists the network's outputs
     */
    public MapperBuilder output(int index) {
        if (index < 0 || index >= source.outputs().size()) {
            throw noOutput(String.valueOf(index));
        }
        this.output = Optional.of(index);
        return this;
    }

    /**
     * Chooses the target layer, whose cells are mapped. Defaults to the last layer that has rows and columns.
     *
     * @param name the layer's name; maps of any layer of the way to the classes add up to the logit
     * @return this; {@link #build()} refuses a name of no layer, or of one without cells
     */
    public MapperBuilder layer(String name) {
        this.layer = Optional.of(name);
        return this;
    }

    /**
     * Chooses the method that makes the maps of {@link Explanation#map()}. Defaults to {@link Cam}, whose maps add up to the logits.
     *
     * @param method for example {@code GradCam.at("block5_conv4")}
     * @return this
     */
    public MapperBuilder method(ExplanationMethod method) {
        this.method = Objects.requireNonNull(method, "method");
        return this;
    }

    private IllegalArgumentException noOutput(String asked) {
        return new IllegalArgumentException("'" + source.name() + "' has no output " + asked + ", only "
                + Listed.bracketed(source.outputs()) + ": choose one of them by name, or by its place from 0.");
    }

    /**
     * Sets the conversion of pixels to input values. It must be the one of the network's training: another one gives wrong predictions
     * and wrong maps without an error.
     *
     * @param preprocessing for example {@link Preprocessing#CAFFE} for Keras' VGG19
     * @return this
     */
    public MapperBuilder preprocessing(Preprocessing preprocessing) {
        this.preprocessing = Optional.of(preprocessing);
        return this;
    }

    /**
     * Sets the interpolation that resizes photos. Defaults to bilinear.
     *
     * @param interpolation nearest as Keras' {@code load_img}, bilinear as {@code tf.image.resize}, the others as Pillow
     * @return this
     */
    public MapperBuilder resize(Interpolation interpolation) {
        this.interpolation = Optional.of(interpolation);
        return this;
    }

    /**
     * Sets how a photo is fitted to the input's proportions. Defaults to squash, as in Keras.
     *
     * @param fit squash, centre crop, letterbox, or the exact centre crop of Pillow's {@code ImageOps.fit}
     * @return this
     */
    public MapperBuilder fit(Fit fit) {
        this.fit = Optional.of(fit);
        return this;
    }

    /**
     * Sets the length to which the photo's shorter side is resized before {@link Fit#CENTER_CROP} cuts the input out of its middle, as
     * torchvision and timm do. Defaults to the model's own settings; without any, the crop is as large as the photo allows.
     *
     * @param pixels at least the input's longer side, or 0 for the largest crop
     * @return this
     * @throws IllegalArgumentException if it is negative; {@link #build()} refuses one that does not fit
     */
    public MapperBuilder shortSide(int pixels) {
        if (pixels < 0) {
            throw new IllegalArgumentException("a shorter side of " + pixels + " pixels: expected 0 or more");
        }
        this.shortSide = OptionalInt.of(pixels);
        return this;
    }

    /**
     * Sets everything between a photo and the network's input: {@link #preprocessing}, {@link #resize}, {@link #fit} and
     * {@link #shortSide}.
     *
     * @param recipe for example {@link PhotoRecipe#IMAGENET} for torchvision's networks
     * @return this
     */
    public MapperBuilder recipe(PhotoRecipe recipe) {
        return preprocessing(recipe.preprocessing())
                .resize(recipe.interpolation())
                .fit(recipe.fit())
                .shortSide(recipe.shortSide());
    }

    /**
     * Sets the names of the classes. Defaults to {@code class 0}, {@code class 1}, ... A network of one score has two classes; if only one
     * name is given, it is that of class 1, and class 0 is "not" it.
     *
     * @param labels one per class, in the order of the network's outputs
     * @return this
     */
    public MapperBuilder labels(Labels labels) {
        this.labels = Optional.of(labels);
        return this;
    }

    /**
     * Sets the size of the network's input, which a DL4J graph does not store. If a Keras model leaves its size open, photos are resized
     * to this size unless {@code explain} is given another.
     *
     * @param height rows, positive
     * @param width columns, positive
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
     * Limits the size of photos that are decoded. Defaults to 100 million pixels.
     *
     * @param pixels width times height
     * @return this
     */
    public MapperBuilder maxPixels(long pixels) {
        this.reader = reader.withMaxPixels(pixels);
        return this;
    }

    /**
     * Says which pictures will be drawn of each photo, so that large photos from files need not be kept whole. Defaults to any: explanations
     * hold all pixels. What is drawn in another size takes longer, because the photo is decoded once more; the values are the same.
     *
     * @param longestSides pixels along the longer side of the pictures, as for {@link org.cam4j.render.overlay.Overlay#longestSide}; none if
     *     only maps and boxes are wanted
     * @return this
     * @see PhotoReader#keepingOnly
     */
    public MapperBuilder pictures(int... longestSides) {
        this.pictures = Optional.of(Arrays.stream(longestSides).boxed().toList());
        return this;
    }

    /**
     * Limits the processor cores that the network uses. Defaults to all cores of the JVM.
     *
     * @param threads 1 to {@value EngineSettings#MOST_THREADS}
     * @return this
     */
    public MapperBuilder threads(int threads) {
        this.engineSettings = engineSettings.withThreads(threads);
        return this;
    }

    /**
     * Limits the memory of the network's values for one image. Defaults to 4 GiB. A model that needs more at the same time is refused
     * before anything is allocated.
     *
     * @param bytes at least 1
     * @return this
     */
    public MapperBuilder maxNetworkBytes(long bytes) {
        this.engineSettings = engineSettings.withMaxBytes(bytes);
        return this;
    }

    /**
     * Sets the precision in which the network's layers compute. Defaults to {@link Precision#FLOAT32}.
     *
     * <p>With {@link Precision#BFLOAT16} networks run in a fraction of the time on processors with instructions for it, and maps differ by
     * about a hundredth. The target layer's activations, the head, logits and maps are floats in both; so is everything that methods other
     * than {@code cam} compute beside the network itself.
     *
     * @param precision how numbers are stored and multiplied; {@link #build} throws
     *     {@link org.cam4j.exception.BackendException BackendException} if no engine can compute in it on this machine
     * @return this
     */
    public MapperBuilder precision(Precision precision) {
        this.engineSettings = engineSettings.withPrecision(precision);
        return this;
    }

    /**
     * Names the engine that runs the network. Defaults to the fastest engine that can run it.
     *
     * @param name {@code oneDNN}, {@code ND4J} (with any backend), {@code Java} (plain loops, slow), or an engine of another module;
     *     case-insensitive
     * @return this
     */
    public MapperBuilder engine(String name) {
        this.engineSettings = engineSettings.withEngine(name);
        return this;
    }

    /**
     * Keeps the graph for {@link ClassActivationMapper#graph()}. Otherwise a graph that was read from a file is released as soon as the
     * engine has its plan, which frees one copy of all weights.
     *
     * @return this
     * @throws IllegalStateException if the model is a prepared model or a plan, which hold no graph, or an earlier build has released
     *     the graph
     */
    public MapperBuilder keepGraph() {
        source.keepGraph();
        return this;
    }

    /**
     * Finds the head, starts the engine and checks with a random image that maps add up to logits (a prepared model was checked when it
     * was saved).
     *
     * @return a mapper; the caller closes it
     * @throws UnsupportedModelException if the network has no class activation map; the message names the layers
     * @throws ModelFileException if there is not one label per class
     * @throws IllegalArgumentException if the model's input size is not the one that was set
     * @throws IllegalStateException if the model leaves its input size open and none is set
     */
    public ClassActivationMapper build() {
        if (needsInputSize()) {
            throw new IllegalStateException(
                    "the size of the network's input is unknown: a DL4J graph does not keep it, and a Keras model may leave it"
                            + " open. Say it with inputSize(height, width).");
        }
        int rows = height.getAsInt();
        int columns = width.getAsInt();
        ModelSource.Found classifier = source.find(output, layer, rows, columns);
        Labels names = labels(classifier);
        Optional<ImagePreparation> preparation = preprocessing
                .or(settings::preprocessing)
                .map(chosen -> new ImagePreparation(
                        rows,
                        columns,
                        classifier.inputChannels(),
                        chosen,
                        interpolation.or(settings::interpolation).orElse(Interpolation.BILINEAR),
                        fit.or(settings::fit).orElse(Fit.SQUASH),
                        shortSide.orElse(
                                fit.isPresent() ? 0 : settings.shortSide().orElse(0))));
        Network network = classifier.start(engineSettings.withGroup(new EngineGroup()));
        Lifetime lifetime = new Lifetime();
        ScoreFunction scores = network.methods().scores();
        Optional<String> sha256 = source.sha256();
        log(network);
        return new ClassActivationMapper(
                lifetime,
                network,
                new NetworkExplainer(
                        lifetime, network, scores, sha256, preparation, reader(preparation), names, method),
                new PreparedWriter(network, scores, sha256, preparation, names));
    }

    private PhotoReader reader(Optional<ImagePreparation> preparation) {
        return preparation.isPresent() && pictures.isPresent()
                ? reader.keepingOnly(preparation.get(), pictures.get())
                : reader;
    }

    private void log(Network network) {
        ModelSummary found = network.summary();
        LOG.info(
                "'{}' runs on {}, {} threads at most: {} classes of '{}', maps {}x{} of '{}'",
                source.name(),
                network.engine().name(),
                engineSettings.threads(),
                found.classes(),
                found.head(),
                found.mapHeight(),
                found.mapWidth(),
                found.features());
    }

    private Labels labels(ModelSource.Found classifier) {
        Labels names = labels.or(settings::labels).orElseGet(() -> Labels.numbered(classifier.classes()));
        if (classifier.isBinary() && names.size() == 1) {
            return Labels.of(List.of("not " + names.get(0), names.get(0)));
        }
        if (names.size() != classifier.classes()) {
            throw new ModelFileException("there are " + names.size() + " labels, but '" + source.name() + "' has "
                    + classifier.classes() + " classes (the outputs of '" + classifier.head()
                    + "'): give one label per class, in the order of the outputs.");
        }
        return names;
    }
}
