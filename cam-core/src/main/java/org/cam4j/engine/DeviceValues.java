package org.cam4j.engine;

import java.util.Optional;

/** Outputs of which some stay on a device until they are asked for. The device can add up their channels where they lie. */
public interface DeviceValues extends Values {

    /**
     * Computes weighted sums of an output's channels on the device: {@code S(i, r, y, x) = Σ_k W(k, columns[r]) · V(i, y, x, k)}.
     *
     * <p>Each sum is added up as four, of every fourth channel, {@code (a + b) + (c + d)}, and the channels behind the last four belong to
     * {@code a}; every product and sum is rounded to a float. So it has the same bits as on a host that adds in this order.
     *
     * @param output its name; rows, columns and channels for each image
     * @param firstImage the first image, in [0, n)
     * @param images how many, at least 1
     * @param weights {@code W} [channels, any number of columns], row-major; the same array on every call, not modified
     * @param columns indices of the weights' columns
     * @return a new array [images, columns.length, height, width]; empty if the output does not lie on the device (any more)
     * @throws org.cam4j.exception.BackendException if the device fails
     */
    Optional<float[]> channelSums(String output, int firstImage, int images, float[] weights, int... columns);

    /**
     * Adds up the channels of activations on the device, each weighted by the mean of its gradient:
     * {@code S(i, y, x) = Σ_k mean_yx(G(i, ., ., k)) · A(i, y, x, k)}, the map of Grad-CAM.
     *
     * <p>Sums are in double precision, over the cells row by row and over the channels in order; the means are rounded to floats. So it has
     * the same bits as on a host that adds in this order.
     *
     * @param gradient the output {@code G}; rows, columns and channels for each image
     * @param activations {@code A}, of the gradient's shape and number, from {@link Values#batch}
     * @return a new array [n, height, width]; empty if one of both does not lie on the device (any more)
     * @throws IllegalArgumentException if the shapes or numbers differ
     * @throws org.cam4j.exception.BackendException if the device fails
     */
    Optional<float[]> sumsByMeans(String gradient, Batch activations);
}
