package org.cam4j;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;

/**
 * What a network saw in one photo: its predictions, and the class activation map of any class without a second forward pass.
 *
 * <p>Immutable and independent of the mapper's life. Keeps the photo and the last convolution's activations (of its
 * whole batch): release it when maps of further classes are no longer needed.
 */
public final class Explanation {

    /** As of the photos that are explained, if nothing else is said. */
    private static final long USUAL_PIXELS = 100_000_000;

    private final String name;
    private final BufferedImage photo;
    private final Geometry geometry;
    private final MapPlacement placement;
    private final RawMaps maps;
    private final float[] logits;
    private final ScoreFunction scoreFunction;
    private final Labels labels;
    private final Provenance provenance;
    private final double[] probabilities;
    private final int[] ranking;

    Explanation(
            String name,
            BufferedImage photo,
            Geometry geometry,
            MapPlacement placement,
            RawMaps maps,
            float[] logits,
            ScoreFunction scoreFunction,
            Labels labels,
            Provenance provenance) {
        this.name = name;
        this.photo = photo;
        this.geometry = geometry;
        this.placement = placement;
        this.maps = maps;
        this.logits = logits;
        this.scoreFunction = scoreFunction;
        this.labels = labels;
        this.provenance = provenance;
        this.probabilities = scoreFunction.probabilities(logits);
        this.ranking = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> logits[i]).reversed())
                .mapToInt(i -> i)
                .toArray();
    }

    /**
     * What the photo is called.
     *
     * @return the file's name; {@code image} for photos that came without one
     */
    public String name() {
        return name;
    }

    /**
     * The photo, upright.
     *
     * @return the picture itself, not a copy: leave it alone
     */
    public BufferedImage photo() {
        return photo;
    }

    /**
     * Where the photo lies in the network's input.
     *
     * @return the geometry
     */
    public Geometry geometry() {
        return geometry;
    }

    /**
     * Where the maps' cells lie in the network's input.
     *
     * @return of the maps of all classes
     */
    public MapPlacement placement() {
        return placement;
    }

    /**
     * What made this explanation.
     *
     * @return model, engine, preparation and version
     */
    public Provenance provenance() {
        return provenance;
    }

    /**
     * How many classes the network knows.
     *
     * @return the number of outputs
     */
    public int classes() {
        return logits.length;
    }

    /**
     * The class with the highest score.
     *
     * @return the best prediction
     */
    public Prediction prediction() {
        return prediction(ranking[0]);
    }

    /**
     * One class's scores.
     *
     * @param classIndex in [0, classes)
     * @return its prediction
     * @throws IllegalArgumentException if there is no such class
     */
    public Prediction prediction(int classIndex) {
        if (classIndex < 0 || classIndex >= logits.length) {
            throw new IllegalArgumentException("class " + classIndex + " is out of range: the model's classes are 0 to "
                    + (logits.length - 1) + ".");
        }
        return new Prediction(classIndex, labels.get(classIndex), logits[classIndex], probabilities[classIndex]);
    }

    /**
     * One class's scores.
     *
     * @param label the class's name
     * @return its prediction
     * @throws IllegalArgumentException if no class or more than one has the name
     */
    public Prediction prediction(String label) {
        return prediction(labels.indexOf(Objects.requireNonNull(label, "label")));
    }

    /**
     * The best classes.
     *
     * @param count how many, at least 1; all classes if there are fewer
     * @return predictions from the highest score down
     */
    public List<Prediction> predictions(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("the best " + count + " classes: ask for at least 1");
        }
        return IntStream.of(ranking).limit(count).mapToObj(this::prediction).toList();
    }

    /**
     * The map of the class with the highest score.
     *
     * @return a new map
     */
    public ActivationMap map() {
        return map(ranking[0]);
    }

    /**
     * The map of a class.
     *
     * @param classIndex in [0, classes)
     * @return a new map
     * @throws IllegalArgumentException if there is no such class
     */
    public ActivationMap map(int classIndex) {
        return new ActivationMap(
                prediction(classIndex), maps.height(), maps.width(), maps.map(classIndex), geometry, placement);
    }

    /**
     * The map of a class.
     *
     * @param label the class's name
     * @return a new map
     * @throws IllegalArgumentException if no class or more than one has the name
     */
    public ActivationMap map(String label) {
        return map(prediction(label).index());
    }

    /**
     * Saves everything to one file: a ZIP archive with the photo ({@code photo.png}), the logits ({@code logits.npy}
     * [classes]), the raw maps of all classes ({@code maps.npy} [classes, h, w]) and {@code manifest.json}, which says what
     * made them, what the numbers mean and the SHA-256 of each. With an ending of {@code .npz}, {@code numpy.load} opens the
     * arrays.
     *
     * @param file where to, for example {@code pandas.npz}; written whole or not at all
     * @throws java.io.UncheckedIOException if the file cannot be written
     * @throws org.cam4j.exception.ExplanationFileException if a value is not finite: such a file could not be read
     */
    public void save(Path file) {
        ExplanationFile.write(this, file);
    }

    /**
     * Reads what {@link #save} wrote, bit for bit.
     *
     * @param file the archive, of a photo of at most 100 million pixels
     * @return the explanation; maps of any class need neither the model nor ND4J
     * @throws org.cam4j.exception.ExplanationFileException if the file is missing, damaged, no saved explanation, or larger than the
     *     limit or Java's memory
     */
    public static Explanation load(Path file) {
        return load(file, USUAL_PIXELS);
    }

    /**
     * Reads what {@link #save} wrote of a larger photo.
     *
     * @param file the archive
     * @param maxPixels width times height allowed for its photo, at least 1
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
        return logits;
    }

    /** The maps as they come from the network. */
    RawMaps rawMaps() {
        return maps;
    }

    /** How logits become probabilities. */
    ScoreFunction scoreFunction() {
        return scoreFunction;
    }

    /** The classes' names. */
    Labels labels() {
        return labels;
    }

    /** For a log line: {@code pandas.jpg: giant panda, probability 0.970, logit 12.30}. */
    @Override
    public String toString() {
        return name + ": " + prediction();
    }
}
