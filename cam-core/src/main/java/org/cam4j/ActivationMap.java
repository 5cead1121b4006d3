package org.cam4j;

import java.lang.ref.WeakReference;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The class activation map of one class: the evidence for the class in each cell of the target layer (Zhou et al., CVPR 2016).
 *
 * <p>{@code M(y, x) = Σ_k w_k · A_k(y, x)} with {@code A} the activations [h, w, k] and {@code w} the class's column of the
 * dense weights [k, classes]; behind other heads than one dense layer the weights depend on the photo and the cell. High values are
 * evidence for the class, negative ones against it; nothing is rectified or rescaled, and {@code mean(M) + bias} is the class's logit.
 * For maps of other methods, and the new maps of {@link #rectified()} and {@link #normalized()}, this equation does not hold:
 * {@link #addsUp()} tells.
 *
 * <p>Immutable. Values live on the host as [h, w] floats, row-major.
 */
public final class ActivationMap {

    private final Prediction prediction;
    private final int height;
    private final int width;
    private final float[] values;
    private final Geometry geometry;
    private final MapPlacement placement;
    private final MapOrigin origin;
    /** Weak, see {@link #photoMap()}. Concurrent threads may both set it: their values are equal. */
    private volatile WeakReference<PhotoMap> enlarged = new WeakReference<>(null);

    /**
     * Creates a map from values that the application has computed or stored. The map covers the network's whole input evenly.
     *
     * @param prediction the map's class
     * @param height rows, positive
     * @param width columns, positive
     * @param values [height, width], row-major, finite; copied
     * @param geometry where the photo lies in the network's input
     * @throws IllegalArgumentException if the values do not fill the shape or are not finite
     */
    public ActivationMap(Prediction prediction, int height, int width, float[] values, Geometry geometry) {
        this(
                prediction,
                height,
                width,
                values,
                geometry,
                MapPlacement.whole(geometry.inputHeight(), geometry.inputWidth()));
    }

    /**
     * Creates a map from values and the placement of its cells.
     *
     * @param prediction the map's class
     * @param height rows, positive
     * @param width columns, positive
     * @param values [height, width], row-major, finite; copied
     * @param geometry where the photo lies in the network's input
     * @param placement where the map's cells lie in the network's input
     * @throws IllegalArgumentException if the values do not fill the shape or are not finite
     */
    public ActivationMap(
            Prediction prediction, int height, int width, float[] values, Geometry geometry, MapPlacement placement) {
        this(prediction, height, width, values, geometry, placement, MapOrigin.UNKNOWN);
    }

    ActivationMap(
            Prediction prediction,
            int height,
            int width,
            float[] values,
            Geometry geometry,
            MapPlacement placement,
            MapOrigin origin) {
        this.origin = Objects.requireNonNull(origin, "origin");
        this.prediction = Objects.requireNonNull(prediction, "prediction");
        this.geometry = Objects.requireNonNull(geometry, "geometry");
        this.placement = Objects.requireNonNull(placement, "placement");
        if (height < 1 || width < 1 || values.length != (long) height * width) {
            throw new IllegalArgumentException(
                    "a map of " + height + "x" + width + " cannot have " + values.length + " values");
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("the map of '" + prediction.label() + "' holds the value " + value
                        + ": maps are finite. Look for NaN or infinite weights, or input values out of range.");
            }
        }
        this.height = height;
        this.width = width;
        this.values = values.clone();
    }

    /** {@return the map's class with its scores} */
    public Prediction prediction() {
        return prediction;
    }

    /** {@return the name of the method that made the map, such as {@code cam}; empty for values of the application's own} */
    public String method() {
        return origin.method();
    }

    /** {@return the layer whose cells these are; several are joined by " + "; empty for values of the application's own} */
    public String layer() {
        return origin.layer();
    }

    /** {@return whether {@code mean(map) + bias} is the logit, as with the default method} */
    public boolean addsUp() {
        return origin.bias().isPresent();
    }

    /**
     * Returns the part of the logit that lies in no place: what the biases of the layers behind the target layer contribute.
     *
     * @return {@code logit - mean(map)}, but computed from the biases
     * @throws IllegalStateException if the map does not add up to a score
     */
    public float bias() {
        return (float) origin.bias()
                .orElseThrow(() -> new IllegalStateException("the map of '" + prediction.label()
                        + "' does not add up to a score: only raw maps of the default method have a bias."));
    }

    /**
     * Returns what speaks for this map's class and not for another: the difference of two maps of one photo. If both add up, the
     * difference adds up to the difference of the logits.
     *
     * @param other a map of the same photo and layer
     * @return a new map, whose prediction has this class's index and probability and the difference of the logits
     * @throws IllegalArgumentException if the maps have different cells
     */
    public ActivationMap minus(ActivationMap other) {
        if (height != other.height
                || width != other.width
                || !geometry.equals(other.geometry)
                || !placement.equals(other.placement)
                || !origin.layer().equals(other.origin.layer())) {
            throw new IllegalArgumentException(
                    "the map of '" + prediction.label() + "', " + height + "x" + width + " of '"
                            + layer() + "', minus that of '" + other.prediction.label() + "', " + other.height + "x"
                            + other.width
                            + " of '" + other.layer() + "': expected two maps of one layer and one photo.");
        }
        float[] differences = new float[values.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = values[i] - other.values[i];
        }
        OptionalDouble bias =
                addsUp() && other.addsUp() ? OptionalDouble.of((double) bias() - other.bias()) : OptionalDouble.empty();
        return new ActivationMap(
                new Prediction(
                        prediction.index(),
                        prediction.label() + " minus " + other.prediction.label(),
                        prediction.logit() - other.prediction.logit(),
                        prediction.probability()),
                height,
                width,
                differences,
                geometry,
                placement,
                new MapOrigin(origin.method(), origin.layer(), bias));
    }

    /** {@return rows of the map, h cells} */
    public int height() {
        return height;
    }

    /** {@return columns of the map, w cells} */
    public int width() {
        return width;
    }

    /** {@return where the photo lies in the network's input} */
    public Geometry geometry() {
        return geometry;
    }

    /** {@return where the map's cells lie in the network's input; most often they cover it evenly} */
    public MapPlacement placement() {
        return placement;
    }

    /**
     * Tells whether the map can be laid over the photo. If it cannot, its values are still right, but {@link #upsampled()}, boxes and
     * overlays throw an {@link UnsupportedModelException}.
     *
     * @return false if the map's cells do not belong to one place of the input each
     */
    public boolean isPlaced() {
        return placement instanceof MapPlacement.Placed;
    }

    /**
     * Returns the value at a cell.
     *
     * @param y row in [0, height)
     * @param x column in [0, width)
     * @return evidence for the class if positive, against it if negative
     */
    public float at(int y, int x) {
        return values[Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width)];
    }

    /** {@return the largest value; negative if no cell is evidence for the class} */
    public float max() {
        float max = values[0];
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    /** {@return the smallest value} */
    public float min() {
        float min = values[0];
        for (float value : values) {
            min = Math.min(min, value);
        }
        return min;
    }

    /** {@return a copy of the values, [h, w], row-major} */
    public float[] toArray() {
        return values.clone();
    }

    /** {@return a copy of the values as an ND4J array [h, w]} */
    public INDArray values() {
        return Nd4j.createFromArray(values).reshape(height, width);
    }

    /**
     * Returns the evidence for the class only: {@code max(value, 0)}.
     *
     * @return a new map
     */
    public ActivationMap rectified() {
        float[] rectified = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rectified[i] = Math.max(values[i], 0);
        }
        return withValues(rectified);
    }

    /**
     * Returns the values scaled to [0, 1]: {@code (value - min) / (max - min)}; all 0 if max equals min. Values are comparable within
     * one map, not across maps.
     *
     * @return a new map
     */
    public ActivationMap normalized() {
        float min = min();
        double range = (double) max() - min;
        float[] normalized = new float[values.length];
        if (range > 0) {
            for (int i = 0; i < values.length; i++) {
                normalized[i] = (float) ((values[i] - min) / range);
            }
        }
        return withValues(normalized);
    }

    /**
     * Returns a map with other values in the same cells, for example the mean of several maps.
     *
     * @param others [h, w], row-major, finite; copied
     * @return a new map
     */
    public ActivationMap withValues(float[] others) {
        return new ActivationMap(prediction, height, width, others, geometry, placement, origin.changed());
    }

    /**
     * Returns the same map over another copy of the photo, for example a smaller one, or over a photo of which this photo is a part.
     *
     * @param other where the other photo lies in the same input
     * @return a new map
     */
    public ActivationMap withGeometry(Geometry other) {
        return new ActivationMap(prediction, height, width, values, other, placement, origin);
    }

    /**
     * Returns the map with its rows along the photo's rows. If the network exchanges rows and columns, the map is transposed.
     *
     * @return this map, or a new one whose placement is not transposed
     * @throws UnsupportedModelException if the map has no place in the photo
     */
    public ActivationMap upright() {
        MapPlacement.Placed placed = placed();
        if (!placed.transposed()) {
            return this;
        }
        float[] turned = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                turned[x * height + y] = values[y * width + x];
            }
        }
        return new ActivationMap(
                prediction,
                /* height= */ width,
                /* width= */ height,
                turned,
                geometry,
                new MapPlacement.Placed(placed.rows(), placed.columns(), false),
                origin);
    }

    private MapPlacement.Placed placed() {
        if (placement instanceof MapPlacement.Unplaced unplaced) {
            throw new UnsupportedModelException("the map of '" + prediction.label() + "' has no place in the photo: "
                    + unplaced.reason()
                    + ". Its values and the predictions are right, but boxes and overlays need to know"
                    + " where each cell lies.");
        }
        return (MapPlacement.Placed) placement;
    }

    /**
     * Returns the map enlarged to the photo's pixels: bilinear with half-pixel centres, as TensorFlow 2's {@code tf.image.resize} and
     * PyTorch's {@code align_corners=False}. Undoes the resizing, cropping and padding of the photo's preparation and of the network's
     * layers. Pixels that were cropped away are 0.
     *
     * <p>Computed on the first call, and shared by all pictures and measures of this map. It takes 4 bytes a pixel: 48 MB for
     * 12 megapixels. Held by a weak reference: it is computed again only if the caller has dropped it, and thousands of small maps do not
     * fill the heap with enlarged ones. Soft references would fill the heap before any is freed.
     *
     * @return the shared map
     * @throws UnsupportedModelException if the map has no place in the photo
     */
    public PhotoMap photoMap() {
        PhotoMap made = enlarged.get();
        if (made == null) {
            InterpolatedMap source = interpolated();
            made = new PhotoMap(source.values(), source.width(), source.height(), source.min(), source.max());
            enlarged = new WeakReference<>(made);
        }
        return made;
    }

    /**
     * Returns the values of {@link #photoMap()} without the array: boxes and extremes of large photos are computed from few of them.
     *
     * @return the map at the photo's pixels
     * @throws UnsupportedModelException if the map has no place in the photo
     */
    public InterpolatedMap interpolated() {
        ActivationMap upright = upright();
        return InterpolatedMap.of(upright.values, upright.height, upright.width, geometry, upright.placed());
    }

    /**
     * Returns the values of {@link #photoMap()}, the map enlarged to the photo's pixels, as an ND4J array.
     *
     * @return a new array [photo height, photo width]
     * @throws UnsupportedModelException if the map has no place in the photo
     */
    public INDArray upsampled() {
        return Nd4j.createFromArray(photoMap().values()).reshape(geometry.photoHeight(), geometry.photoWidth());
    }

    /**
     * Returns a copy of the values of {@link #photoMap()}, which the caller may modify.
     *
     * @return a new array [photo height, photo width], row-major
     * @throws UnsupportedModelException if the map has no place in the photo
     */
    public float[] upsampledArray() {
        PhotoMap made = enlarged.get();
        return made == null ? interpolated().values() : made.values().clone();
    }

    /** For a log line: {@code map of giant panda, 7x7, -3.10 to 41.20}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "map of %s, %dx%d, %.2f to %.2f", prediction.label(), height, width, min(), max());
    }
}
