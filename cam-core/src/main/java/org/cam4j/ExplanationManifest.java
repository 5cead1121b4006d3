package org.cam4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;

/**
 * The manifest of a saved explanation, with the fields of the JSON.
 *
 * @param format {@value #FORMAT}
 * @param formatVersion {@value #VERSION}
 * @param conventions what the numbers mean, for a human reader
 * @param name the photo's name
 * @param model the model's file name
 * @param modelSha256 the hash of the model's file; null if it is not known
 * @param engine the engine that ran the model
 * @param preparation how the photo was prepared
 * @param version cam4j's version
 * @param scoreFunction how logits become probabilities
 * @param geometry where the photo lies in the network's input
 * @param placement where the maps' cells lie in the network's input; null if the maps have no place
 * @param unplaced why the maps have no place; null if they have one
 * @param layer the name of the target layer
 * @param mapHeight rows of the maps
 * @param mapWidth columns of the maps
 * @param labels the classes' names
 * @param sha256 the hashes of the other files of the archive, by name
 */
record ExplanationManifest(
        String format,
        int formatVersion,
        Map<String, String> conventions,
        String name,
        String model,
        String modelSha256,
        String engine,
        String preparation,
        String version,
        ScoreFunction scoreFunction,
        Geometry geometry,
        MapPlacement.Placed placement,
        String unplaced,
        String layer,
        int mapHeight,
        int mapWidth,
        List<String> labels,
        Map<String, String> sha256) {

    static final String FORMAT = "cam4j explanation";
    static final int VERSION = 2;

    private static final Map<String, String> CONVENTIONS = Map.of(
            "maps",
            "maps.npy [classes, h, w]: M(y, x) = sum over k of w_k * A_k(y, x); high is evidence for the class; neither rectified"
                    + " nor normalised, without the bias",
            "biases",
            "biases.npy [classes]: the part of the logit that lies in no place",
            "logits",
            "logits.npy [classes]: the scores before softmax or sigmoid; the mean of a class's map plus its bias",
            "geometry",
            "input_x = photo_x * scaleX + offsetX in continuous pixel coordinates, pixel centres at i + 0.5",
            "placement",
            "the maps' rows cover [from, to) of the input's rows in equal parts, of which the network saw [seenFrom, seenTo), and"
                    + " the columns likewise; where transposed, the maps' rows are those along the input's columns");

    /** Checks that no field is missing and the sizes are possible. */
    ExplanationManifest {
        if (!FORMAT.equals(format) || formatVersion != VERSION) {
            throw new IllegalArgumentException("it is '" + format + "' version " + formatVersion + ", expected '"
                    + FORMAT + "' version " + VERSION + ": read it with the cam4j that wrote it");
        }
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(preparation, "preparation");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(scoreFunction, "scoreFunction");
        Objects.requireNonNull(geometry, "geometry");
        Objects.requireNonNull(layer, "layer");
        if ((placement == null) == (unplaced == null)) {
            throw new IllegalArgumentException("either the maps' placement or why they have none must be given");
        }
        labels = List.copyOf(labels);
        sha256 = Map.copyOf(sha256);
        if (labels.isEmpty() || mapHeight < 1 || mapWidth < 1) {
            throw new IllegalArgumentException(
                    labels.size() + " maps of " + mapHeight + "x" + mapWidth + ": all must be positive");
        }
        if ((double) labels.size() * mapHeight * mapWidth > Integer.MAX_VALUE / 4 - 1024) {
            throw new IllegalArgumentException(
                    labels.size() + " maps of " + mapHeight + "x" + mapWidth + " do not fit into memory");
        }
    }

    static ExplanationManifest of(Explanation explanation, Map<String, String> hashes) {
        Provenance provenance = explanation.provenance();
        return new ExplanationManifest(
                FORMAT,
                VERSION,
                CONVENTIONS,
                explanation.name(),
                provenance.model(),
                provenance.modelSha256().orElse(null),
                provenance.engine(),
                provenance.preparation(),
                provenance.version(),
                explanation.scoreFunction(),
                explanation.geometry(),
                explanation.placement() instanceof MapPlacement.Placed placed ? placed : null,
                explanation.placement() instanceof MapPlacement.Unplaced none ? none.reason() : null,
                explanation.rawMaps().layer(),
                explanation.rawMaps().height(),
                explanation.rawMaps().width(),
                explanation.labels().names(),
                hashes);
    }

    MapPlacement mapPlacement() {
        return placement == null ? new MapPlacement.Unplaced(unplaced) : placement;
    }

    Provenance provenance() {
        return new Provenance(model, Optional.ofNullable(modelSha256), engine, preparation, version);
    }
}
