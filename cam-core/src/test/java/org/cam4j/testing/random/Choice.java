package org.cam4j.testing.random;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** What is chosen for each step of a random plan, whether its kind asks for it or not; smaller numbers are simpler. */
enum Choice {
    /** Which {@link Kind}. */
    KIND(Kind.arbitrary()),
    /** How many values back the first value is that the step reads. */
    SOURCE(often(0, 7)),
    /** Which of the values that fit is read as well. */
    OTHER(often(0, 7)),
    /** How many values a concatenation joins. */
    PARTS(Arbitraries.frequencyOf(Tuple.of(12, uniform(2, 4)), Tuple.of(1, uniform(1, 9)))),
    /** Mixed with the number of a part, says which value it is. */
    MIXER(uniform(0, 999)),
    /** Channels of the result. */
    OUTPUTS(channels()),
    /** Ungrouped, depthwise, or so many groups as divide the channels. */
    GROUPS(Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.just(0)), Tuple.of(2, uniform(1, 6)))),
    /** Whether columns are as rows: kernel, stride and dilation. */
    IS_OBLONG(uniform(0, 1)),
    /** The kernel's rows. */
    KERNEL_ROWS(kernel()),
    /** The kernel's columns. */
    KERNEL_COLUMNS(kernel()),
    /** Rows from one position to the next. */
    STRIDE_ROWS(stride()),
    /** Columns from one position to the next. */
    STRIDE_COLUMNS(stride()),
    /** Rows from one entry of the kernel to the next. */
    DILATION_ROWS(dilation()),
    /** Columns from one entry of the kernel to the next. */
    DILATION_COLUMNS(dilation()),
    /** No border, Keras' "same", the same on all sides, or as the next four say. */
    BORDER_KIND(uniform(0, 3)),
    /** Rows above. */
    TOP(border()),
    /** Rows below. */
    BOTTOM(border()),
    /** Columns before. */
    LEFT(border()),
    /** Columns after. */
    RIGHT(border()),
    /** Rows of a resized image. */
    ROWS(uniform(1, 20)),
    /** Columns of a resized image. */
    COLUMNS(uniform(1, 20)),
    /** Which of {@link Activations}. */
    ACTIVATION(Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.just(0)), Tuple.of(1, uniform(0, Activations.ALL.size() - 1)))),
    /** Which variant of the kind. */
    VARIANT(uniform(0, 5)),
    /** Of the weights. */
    SEED(uniform(0, 9999));

    @SuppressWarnings("ImmutableEnumChecker") // Arbitraries do not change.
    private final Arbitrary<Integer> numbers;

    private static final List<Choice> ALL = List.of(values());

    Choice(Arbitrary<Integer> numbers) {
        this.numbers = numbers;
    }

    static List<Arbitrary<Integer>> all() {
        return ALL.stream().map(choice -> choice.numbers).toList();
    }

    /** What was chosen for a step. */
    int of(List<Integer> step) {
        return step.get(ALL.indexOf(this));
    }

    /** Numbers of channels, with those that fill a processor's vectors more often. */
    static Arbitrary<Integer> channels() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, uniform(1, 40)),
                Tuple.of(4, Arbitraries.of(8, 16, 32, 48)),
                Tuple.of(1, Arbitraries.of(64, 65, 80, 96)));
    }

    private static Arbitrary<Integer> kernel() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(1)), Tuple.of(5, uniform(2, 5)), Tuple.of(2, uniform(1, 17)));
    }

    private static Arbitrary<Integer> stride() {
        return Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(1)), Tuple.of(3, Arbitraries.just(2)), Tuple.of(2, uniform(1, 9)));
    }

    private static Arbitrary<Integer> dilation() {
        return often(1, 5);
    }

    private static Arbitrary<Integer> border() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(0)), Tuple.of(4, uniform(0, 3)), Tuple.of(2, uniform(0, 20)));
    }

    /** Mostly the least. */
    private static Arbitrary<Integer> often(int least, int most) {
        return Arbitraries.frequencyOf(Tuple.of(2, Arbitraries.just(least)), Tuple.of(1, uniform(least, most)));
    }

    static Arbitrary<Integer> uniform(int least, int most) {
        return Arbitraries.integers()
                .between(least, most)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases();
    }
}
