package org.cam4j;

import java.util.Locale;
import java.util.Objects;
import org.cam4j.image.Geometry;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The class activation map of one class: how much each cell of the last convolution speaks for it (Zhou et al., CVPR 2016).
 *
 * <p>{@code M(y, x) = Σ_k w_k · A_k(y, x)} with {@code A} the activations [h, w, k] and {@code w} the class's column of the
 * dense weights [k, classes]. High values are evidence for the class, negative ones against it; nothing is rectified or
 * rescaled, and {@code mean(M) + bias} is the class's logit. The views {@link #rectified()} and {@link #normalized()} are new
 * maps for which that no longer holds.
 *
 * <p>Immutable. Values live on the host as [h, w] floats, row-major.
 */
public final class ActivationMap {

    private final Prediction prediction;
    private final int height;
    private final int width;
    private final float[] values;
    private final Geometry geometry;

    /**
     * A map from its values, for those who compute or store maps themselves.
     *
     * @param prediction the class that it is of
     * @param height rows, positive
     * @param width columns, positive
     * @param values [height, width], row-major, finite; copied
     * @param geometry where the photo lies in the network's input, which the map covers
     * @throws IllegalArgumentException if the values do not fill the shape or are not finite
     */
    public ActivationMap(Prediction prediction, int height, int width, float[] values, Geometry geometry) {
        this.prediction = Objects.requireNonNull(prediction, "prediction");
        this.geometry = Objects.requireNonNull(geometry, "geometry");
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

    /**
     * The class that the map is of.
     *
     * @return the class with its scores
     */
    public Prediction prediction() {
        return prediction;
    }

    /**
     * Rows of the map.
     *
     * @return h, cells
     */
    public int height() {
        return height;
    }

    /**
     * Columns of the map.
     *
     * @return w, cells
     */
    public int width() {
        return width;
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
     * The value at a cell.
     *
     * @param y row in [0, height)
     * @param x column in [0, width)
     * @return evidence for the class, or against it where negative
     */
    public float at(int y, int x) {
        return values[Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width)];
    }

    /**
     * The largest value.
     *
     * @return the maximum; negative where no cell speaks for the class
     */
    public float max() {
        float max = values[0];
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    /**
     * The smallest value.
     *
     * @return the minimum
     */
    public float min() {
        float min = values[0];
        for (float value : values) {
            min = Math.min(min, value);
        }
        return min;
    }

    /**
     * The values.
     *
     * @return a copy [h, w], row-major
     */
    public float[] toArray() {
        return values.clone();
    }

    /**
     * The values for ND4J.
     *
     * @return a new array [h, w]
     */
    public INDArray values() {
        return Nd4j.createFromArray(values).reshape(height, width);
    }

    /**
     * The evidence for the class alone: {@code max(value, 0)}.
     *
     * @return a new map
     */
    public ActivationMap rectified() {
        float[] rectified = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rectified[i] = Math.max(values[i], 0);
        }
        return new ActivationMap(prediction, height, width, rectified, geometry);
    }

    /**
     * The values stretched to [0, 1]: {@code (value - min) / (max - min)}; all 0 where the map is flat. Comparable within a
     * map, not across maps.
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
        return new ActivationMap(prediction, height, width, normalized, geometry);
    }

    /**
     * The map enlarged to the photo's own pixels, for ND4J: {@link #upsampledArray()} as an array.
     *
     * @return a new array [photo height, photo width]
     */
    public INDArray upsampled() {
        return Nd4j.createFromArray(upsampledArray()).reshape(geometry.photoHeight(), geometry.photoWidth());
    }

    /**
     * The map enlarged to the photo's own pixels: bilinear with half-pixel centres (what TensorFlow 2's
     * {@code tf.image.resize} and PyTorch's {@code align_corners=False} do), whatever was resized, cropped or padded on the
     * way in. Pixels that were cropped away before the network saw them say nothing for or against: 0.
     *
     * @return a new array [photo height, photo width], row-major
     */
    public float[] upsampledArray() {
        return MapUpsampling.toPhoto(values, height, width, geometry);
    }

    /** For a log line: {@code map of giant panda, 7x7, -3.10 to 41.20}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "map of %s, %dx%d, %.2f to %.2f", prediction.label(), height, width, min(), max());
    }
}
