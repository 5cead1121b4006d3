package org.cam4j.explain;

/**
 * A layer's activations for one image.
 *
 * @param layer the layer's name
 * @param height rows, h
 * @param width columns, w
 * @param channels feature maps, k
 * @param values {@code A} [h, w, k], row-major; not copied: do not modify it
 */
public record LayerActivations(String layer, int height, int width, int channels, float[] values) {

    /**
     * Checks that the values fill the shape.
     *
     * @throws IllegalArgumentException if they do not
     */
    public LayerActivations {
        if (height < 1 || width < 1 || channels < 1 || values.length != (long) height * width * channels) {
            throw new IllegalArgumentException("activations of " + height + "x" + width + "x" + channels + " of '"
                    + layer + "' cannot have " + values.length + " values");
        }
    }

    /**
     * Returns the number of cells.
     *
     * @return h · w
     */
    public int cells() {
        return height * width;
    }

    /**
     * Adds the channels of each cell, weighted: {@code M(y, x) = Σ_k w_k A_k(y, x)}. Sums are in double precision.
     *
     * @param weights {@code w}, one for each channel [k], or one for each activation [h, w, k]
     * @return {@code M} [h, w]
     * @throws IllegalArgumentException if the number of weights is neither
     */
    public RawMap weightedSum(float[] weights) {
        if (weights.length != channels && weights.length != values.length) {
            throw new IllegalArgumentException(weights.length + " weights fit neither the " + channels
                    + " channels of '" + layer + "' nor its " + values.length + " activations");
        }
        // With one weight a channel each cell reads the same weights, with one an activation its own.
        int step = weights.length == channels ? 0 : channels;
        float[] map = new float[cells()];
        for (int cell = 0; cell < map.length; cell++) {
            double sum = 0;
            for (int k = 0; k < channels; k++) {
                sum += (double) weights[cell * step + k] * values[cell * channels + k];
            }
            map[cell] = (float) sum;
        }
        return new RawMap(layer, height, width, map);
    }

    /**
     * Adds the channels, each weighted by the mean of a gradient, which is rounded to a float: {@code M(y, x) = Σ_k mean_yx(G_k) A_k(y, x)}.
     *
     * @param gradient {@code G} [h, w, k]
     * @return {@code M} [h, w]
     */
    public RawMap weightedSumByMeans(float[] gradient) {
        return weightedSum(Gradients.channelMeans(gradient, channels));
    }

    /** Returns {@code S_k = Σ_yx A_k(y, x)} of each channel. */
    double[] channelSums() {
        return channelSums(values, channels);
    }

    /** Adds the cells of each channel of values [h, w, k]. */
    static double[] channelSums(float[] values, int channels) {
        double[] sums = new double[channels];
        for (int i = 0; i < values.length; i++) {
            sums[i % channels] += values[i];
        }
        return sums;
    }
}
