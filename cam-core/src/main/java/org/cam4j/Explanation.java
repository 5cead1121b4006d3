package org.cam4j;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.cam4j.engine.FiniteNumbers;
import org.cam4j.exception.PhotoException;
import org.cam4j.explain.Cam;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.Progress;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;

/**
 * A network's explanation of one photo: its predictions, and the class activation map of any class without a second forward pass.
 *
 * <p>Immutable; stays valid after the mapper is closed. Holds the photo and the target layer's activations of the whole batch:
 * drop the explanation when no further maps are needed.
 */
public final class Explanation {

    /** The name of the default method. */
    static final String METHOD = Cam.NAME;

    /** The default of {@link MapperBuilder#maxPixels}. */
    private static final long USUAL_PIXELS = 100_000_000;

    private final String name;
    private final DecodedPhoto photo;
    private final Geometry geometry;
    private final MapPlacement placement;
    private final RawMaps maps;
    private final Scores scores;
    private final Provenance provenance;
    private final ExplanationMethod method;
    private final PhotoMethods methods;
    /** Maps of methods that need runs of the network: report, boxes and warnings ask for the same ones. */
    private final Map<MadeMap, ActivationMap> made = new ConcurrentHashMap<>();

    /** Which map was made. */
    private record MadeMap(int classIndex, ExplanationMethod method) {}

    /** Creates an explanation whose maps are all that can be asked for. */
    Explanation(
            String name,
            DecodedPhoto photo,
            Geometry geometry,
            MapPlacement placement,
            RawMaps maps,
            float[] logits,
            ScoreFunction scoreFunction,
            Labels labels,
            Provenance provenance) {
        this(
                name,
                photo,
                geometry,
                placement,
                maps,
                logits,
                scoreFunction,
                labels,
                provenance,
                Cam.atTarget(),
                PhotoMethods.OF_FILE);
    }

    Explanation(
            String name,
            DecodedPhoto photo,
            Geometry geometry,
            MapPlacement placement,
            RawMaps maps,
            float[] logits,
            ScoreFunction scoreFunction,
            Labels labels,
            Provenance provenance,
            ExplanationMethod method,
            PhotoMethods methods) {
        this.name = name;
        this.photo = photo;
        this.geometry = geometry;
        this.placement = placement;
        this.maps = maps;
        this.scores = new Scores(logits, scoreFunction, labels);
        this.provenance = provenance;
        this.method = method;
        this.methods = methods;
    }

    /**
     * Returns the photo's name.
     *
     * @return the file's name; {@code image} for photos without a name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the photo, upright.
     *
     * @return the photo itself, not a copy: do not modify it; created by the first call if the photo was decoded from a file
     * @throws PhotoException if the memory does not suffice for it
     */
    public BufferedImage photo() {
        return photo.image();
    }

    /**
     * Returns the photo as it was decoded: of large photos that are only shown small, an image of all pixels need not be made.
     *
     * @return the photo, upright
     */
    public DecodedPhoto decoded() {
        return photo;
    }

    /**
     * Returns where the photo lies in the network's input.
     *
     * @return the geometry
     */
    public Geometry geometry() {
        return geometry;
    }

    /**
     * Returns where the maps' cells lie in the network's input.
     *
     * @return the placement, the same for all classes
     */
    public MapPlacement placement() {
        return placement;
    }

    /**
     * Returns what produced this explanation.
     *
     * @return model, engine, preparation and version
     */
    public Provenance provenance() {
        return provenance;
    }

    /**
     * Returns the number of classes.
     *
     * @return the number of the network's outputs
     */
    public int classes() {
        return scores.classes();
    }

    /**
     * Returns the class with the highest score.
     *
     * @return the best prediction
     */
    public Prediction prediction() {
        return scores.of(scores.best());
    }

    /**
     * Returns one class's scores.
     *
     * @param classIndex in [0, classes)
     * @return its prediction
     * @throws IllegalArgumentException if there is no such class
     */
    public Prediction prediction(int classIndex) {
        return scores.of(classIndex);
    }

    /**
     * Returns one class's scores.
     *
     * @param label the class's name
     * @return its prediction
     * @throws IllegalArgumentException if no class or more than one has the name
     */
    public Prediction prediction(String label) {
        return scores.of(label);
    }

    /**
     * Returns the classes with the highest scores.
     *
     * @param count the number of classes, at least 1; all classes if the network has fewer
     * @return predictions, highest score first
     */
    public List<Prediction> predictions(int count) {
        return scores.best(count);
    }

    /**
     * Computes the map of the class with the highest score.
     *
     * @return a new map
     */
    public ActivationMap map() {
        return map(scores.best());
    }

    /**
     * Computes the map of a class.
     *
     * @param classIndex in [0, classes)
     * @return a new map
     * @throws IllegalArgumentException if there is no such class
     */
    public ActivationMap map(int classIndex) {
        return map(classIndex, method);
    }

    /**
     * Computes the map of a class.
     *
     * @param label the class's name
     * @return a new map
     * @throws IllegalArgumentException if no class or more than one has the name
     */
    public ActivationMap map(String label) {
        return map(prediction(label).index());
    }

    /**
     * Computes the map of a class by a method.
     *
     * @param classIndex in [0, classes)
     * @param method for example {@code GradCam.at("block5_conv4")}
     * @return the map, raw: neither rectified nor scaled; kept for the next call
     * @throws IllegalArgumentException if there is no such class
     * @throws org.cam4j.exception.UnsupportedModelException if the network has no such layer, or no plan
     * @throws IllegalStateException if the method is another than {@link Cam} and the mapper is closed, or the explanation was read from
     *     a file
     */
    public ActivationMap map(int classIndex, ExplanationMethod method) {
        return method.equals(Cam.atTarget())
                ? defaultMap(classIndex)
                : made.computeIfAbsent(
                        new MadeMap(prediction(classIndex).index(), method),
                        missing -> map(Target.logit(classIndex), method, Progress.NONE));
    }

    /**
     * Computes the map of a class by a method.
     *
     * @param label the class's name
     * @param method for example {@code GradCam.at("block5_conv4")}
     * @return as {@link #map(int, ExplanationMethod)}
     */
    public ActivationMap map(String label, ExplanationMethod method) {
        return map(prediction(label).index(), method);
    }

    /**
     * Computes the map of any target by a method.
     *
     * @param target what to explain, for example {@code Target.difference(248, 269)}
     * @param method for example {@code ScoreCam.atTarget()}
     * @param progress hears of the forward passes of methods that need many
     * @return as {@link #map(int, ExplanationMethod)}; its prediction is that of the target's class, with the target's value as the logit
     * @throws java.util.concurrent.CancellationException if the thread is interrupted, between two batches of forward passes
     */
    public ActivationMap map(Target target, ExplanationMethod method, Progress progress) {
        Prediction ofClass = prediction(target.classIndex());
        RawMap map = method.map(methods.image(progress), target);
        if (!FiniteNumbers.areAll(map.values())) {
            throw new PhotoException("the map of '" + ofClass.label() + "' by " + method.name()
                    + " is not finite: its numbers are beyond single precision. Choose another method or layer.");
        }
        return new ActivationMap(
                new Prediction(ofClass.index(), ofClass.label(), target.value(scores.logits()), ofClass.probability()),
                map.height(),
                map.width(),
                map.values(),
                geometry,
                map.layer().equals(maps.layer()) ? placement : methods.placement(map),
                new MapOrigin(method.name(), map.layer(), map.bias()));
    }

    /**
     * Returns the photo in its network, for methods of an application's own.
     *
     * @param progress hears of forward passes
     * @return the preprocessed photo, its activations and gradients
     * @throws IllegalStateException if the mapper is closed, or the explanation was read from a file
     * @throws org.cam4j.exception.UnsupportedModelException if the network has no plan
     */
    public ExplainedImage image(Progress progress) {
        return methods.image(progress);
    }

    private ActivationMap defaultMap(int classIndex) {
        Prediction prediction = prediction(classIndex);
        Activations.ClassMap map = maps.map(classIndex);
        return new ActivationMap(
                prediction,
                maps.height(),
                maps.width(),
                map.values(),
                geometry,
                placement,
                new MapOrigin(METHOD, maps.layer(), OptionalDouble.of(map.bias())));
    }

    /**
     * Saves everything to one ZIP archive. If its name ends in {@code .npz}, {@code numpy.load} opens the arrays. It holds
     *
     * <ul>
     *   <li>{@code photo.png}, the photo;
     *   <li>{@code logits.npy} [classes], the logits;
     *   <li>{@code maps.npy} [classes, h, w], the raw maps of all classes by {@link Cam}, whatever the mapper's method;
     *   <li>{@code biases.npy} [classes], what each logit has besides the mean of its map;
     *   <li>{@code manifest.json}, with the provenance, the conventions of the numbers and the SHA-256 of each other file.
     * </ul>
     *
     * @param file the path to write, for example {@code pandas.npz}; written whole or not at all
     * @throws java.io.UncheckedIOException if the file cannot be written
     * @throws org.cam4j.exception.ExplanationFileException if a value is not finite, because {@link #load(Path)} would refuse the file
     */
    public void save(Path file) {
        ExplanationFile.write(this, file);
    }

    /**
     * Reads an explanation that {@link #save} wrote, bit for bit.
     *
     * @param file the archive; its photo has at most 100 million pixels
     * @return the explanation; maps of any class need neither the model nor ND4J
     * @throws org.cam4j.exception.ExplanationFileException if the file is missing, damaged, not a saved explanation, or larger than the
     *     limit or Java's memory
     */
    public static Explanation load(Path file) {
        return load(file, USUAL_PIXELS);
    }

    /**
     * Reads an explanation that {@link #save} wrote, with another limit on the photo's size.
     *
     * @param file the archive
     * @param maxPixels the largest width times height of its photo, at least 1
     * @return as {@link #load(Path)}
     * @throws org.cam4j.exception.ExplanationFileException as {@link #load(Path)}
     */
    public static Explanation load(Path file, long maxPixels) {
        if (maxPixels < 1) {
            throw new IllegalArgumentException("the limit must be at least one pixel, not " + maxPixels);
        }
        return ExplanationFile.read(file, maxPixels);
    }

    /** All logits, not a copy. */
    float[] logits() {
        return scores.logits();
    }

    /** The raw maps, at the size of the target layer. */
    RawMaps rawMaps() {
        return maps;
    }

    /** How logits become probabilities. */
    ScoreFunction scoreFunction() {
        return scores.function();
    }

    /** The classes' names. */
    Labels labels() {
        return scores.labels();
    }

    /** For a log line: {@code pandas.jpg: giant panda, probability 0.970, logit 12.30}. */
    @Override
    public String toString() {
        return name + ": " + prediction();
    }
}
