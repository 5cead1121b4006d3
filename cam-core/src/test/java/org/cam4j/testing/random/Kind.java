package org.cam4j.testing.random;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** What a step of a random plan does; some take several operations. Simple ones first. */
enum Kind {
    ACTIVATION(3),
    CONVOLUTION(9),
    POOLING(5),
    GLOBAL_POOLING(1),
    SCALE_SHIFT(3),
    /** Two values number by number, a vector or a single channel with one. */
    COMBINATION(4),
    CONCATENATION(6),
    PADDING(2),
    CROP(1),
    RESIZING(2),
    SPREAD(1),
    NORMALIZATION(1),
    PARAMETRIC_RELU(1),
    SOFTMAX(1),
    SLICE(2),
    TRANSPOSITION(1),
    RESHAPING(1),
    /** A power of what is not below 0. */
    ROOT(1),
    /** A convolution that makes the size of an earlier value, and adds that one. */
    RESIDUAL_SUM(6),
    /** A convolution with strides turned round. */
    TRANSPOSED_CONVOLUTION(1),
    /** A value times a function of itself. */
    OWN_GATE(1),
    /** A value times what its average says of each channel, or of each cell. */
    SQUEEZE_AND_EXCITE(1),
    /** The cells of an image one after the other: [tokens, channels]. */
    SEQUENCE(3),
    DENSE(4),
    /** Of two values, or of one with itself. */
    MATRIX_PRODUCT(3),
    /** Queries, keys and values of the same tokens, of one head or of several. */
    ATTENTION(2),
    /** The axes in any order. */
    ANY_TRANSPOSITION(2),
    /** One to four axes of any sizes. */
    ANY_RESHAPING(2),
    /** Entries of any axis. */
    ANY_SLICE(2),
    /** Values one after the other along any axis. */
    ANY_CONCATENATION(3);

    /** By number. */
    static final List<Kind> ALL = List.of(values());

    private final int frequency;

    Kind(int frequency) {
        this.frequency = frequency;
    }

    /** Their numbers, as often as they say. */
    static Arbitrary<Integer> arbitrary() {
        return Arbitraries.frequency(IntStream.range(0, ALL.size())
                .mapToObj(i -> Tuple.of(ALL.get(i).frequency, i))
                .toList());
    }
}
