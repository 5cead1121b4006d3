package org.cam4j.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sizes of a tensor: of an activation without its batch axis ([h, w, c] or [features]) or of a layer's weights.
 *
 * @param sizes one per axis; {@link #UNKNOWN} where the model leaves it open
 */
record TensorShape(List<Integer> sizes) {

    /** A size that the model leaves open, Keras' {@code None}. */
    static final int UNKNOWN = -1;

    TensorShape {
        sizes = List.copyOf(sizes);
    }

    static TensorShape of(int... sizes) {
        return new TensorShape(IntStream.of(sizes).boxed().toList());
    }

    int rank() {
        return sizes.size();
    }

    /** Whether this is [features]. */
    boolean isVector() {
        return rank() == 1;
    }

    /** Whether this is [h, w, c]. */
    boolean isMap() {
        return rank() == 3;
    }

    /** Whether this is [1, 1, c]: a vector that is written as a map. */
    boolean isPoint() {
        return isMap() && height() == 1 && width() == 1;
    }

    int height() {
        return sizes.get(0);
    }

    int width() {
        return sizes.get(1);
    }

    /** The last axis: channels of a map, features of a vector. */
    int channels() {
        return sizes.get(rank() - 1);
    }

    TensorShape withChannels(int channels) {
        List<Integer> changed = new ArrayList<>(sizes);
        changed.set(rank() - 1, channels);
        return new TensorShape(changed);
    }

    boolean isKnown() {
        return !sizes.contains(UNKNOWN);
    }

    /** How many values; all sizes must be known. */
    long elements() {
        return sizes.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** {@code [7, 7, 16]}, with {@code ?} where a size is open. */
    @Override
    public String toString() {
        return sizes.stream()
                .map(size -> size == UNKNOWN ? "?" : size.toString())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
