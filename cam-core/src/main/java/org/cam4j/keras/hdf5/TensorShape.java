package org.cam4j.keras.hdf5;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sizes of a tensor: of an activation without its batch axis ([h, w, c] or [features]) or of a layer's weights.
 *
 * @param sizes one per axis; {@link #UNKNOWN} if the model leaves a size open
 */
public record TensorShape(List<Integer> sizes) {

    /** A size that the model leaves open, Keras' {@code None}. */
    public static final int UNKNOWN = -1;

    public TensorShape {
        sizes = List.copyOf(sizes);
    }

    public static TensorShape of(int... sizes) {
        return new TensorShape(IntStream.of(sizes).boxed().toList());
    }

    public int rank() {
        return sizes.size();
    }

    /** Whether this is [features]. */
    public boolean isVector() {
        return rank() == 1;
    }

    /** Whether this is [h, w, c]. */
    public boolean isMap() {
        return rank() == 3;
    }

    /** Whether this is [1, 1, c]: a vector that is written as a map. */
    public boolean isPoint() {
        return isMap() && height() == 1 && width() == 1;
    }

    public int height() {
        return sizes.get(0);
    }

    public int width() {
        return sizes.get(1);
    }

    /** Returns the size of the last axis: channels of a map, features of a vector. */
    public int channels() {
        return sizes.get(rank() - 1);
    }

    public TensorShape withChannels(int channels) {
        List<Integer> changed = new ArrayList<>(sizes);
        changed.set(rank() - 1, channels);
        return new TensorShape(changed);
    }

    public boolean isKnown() {
        return !sizes.contains(UNKNOWN);
    }

    /** Returns the number of values; all sizes must be known. */
    public long elements() {
        return sizes.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns {@code [7, 7, 16]}, with {@code ?} for an open size. */
    @Override
    public String toString() {
        return sizes.stream()
                .map(size -> size == UNKNOWN ? "?" : size.toString())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
