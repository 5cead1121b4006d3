package org.cam4j.engine.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Gates;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The factors of activations, against central differences and against their definition as a quotient. */
class ActivationSlopeTest {

    /** Away from every kink of the functions below. */
    private static final double[] PLACES = {-7.1, -2.9, -1.1, -0.31, 0.17, 0.83, 1.7, 2.83, 4.7, 6.4};

    static List<Activation> activations() {
        List<Activation> given = List.of(
                Activation.RELU,
                Activation.RELU6,
                Activation.SWISH,
                new Activation(Function.RELU, 0.2f, 0),
                new Activation(Function.CLIP, -2, 5),
                new Activation(Function.ELU, 0.7f, 0),
                new Activation(Function.SCALED_ELU, 1.6732632f, 1.050701f),
                new Activation(Function.SWISH, 1.702f, 0),
                new Activation(Function.HARD_SIGMOID, 0.2f, 0.5f),
                new Activation(Function.HARD_SWISH, 1 / 6f, 0.5f),
                new Activation(Function.THRESHOLD, 1, 0),
                new Activation(Function.POWER, 2, 0),
                new Activation(Function.POWER, 3, 0));
        Stream<Activation> plain = Arrays.stream(Function.values())
                .filter(function -> !List.of(
                                Function.CLIP,
                                Function.ELU,
                                Function.SCALED_ELU,
                                Function.HARD_SIGMOID,
                                Function.HARD_SWISH,
                                Function.THRESHOLD,
                                Function.POWER,
                                Function.SWISH)
                        .contains(function))
                .map(Activation::of);
        return Stream.concat(given.stream(), plain).toList();
    }

    @ParameterizedTest
    @MethodSource("activations")
    void derivativesAreCentralDifferences(Activation activation) {
        double step = 1e-5;
        for (double z : PLACES) {
            double difference =
                    (ActivationDefinition.of(activation, z + step) - ActivationDefinition.of(activation, z - step))
                            / (2 * step);

            assertThat(ActivationSlope.of(activation, Gates.DIFFERENTIATED, z))
                    .as("at %s", z)
                    .isCloseTo(difference, within(1e-8 * (1 + Math.abs(difference))));
        }
    }

    @ParameterizedTest
    @MethodSource("activations")
    void heldFactorsGiveTheFunctionBack(Activation activation) {
        for (double z : PLACES) {
            double factor = ActivationSlope.of(activation, Gates.HELD, z);

            assertThat(activation.atZero() + factor * z)
                    .as("at %s", z)
                    .isCloseTo(ActivationDefinition.of(activation, z), within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("activations")
    void atZeroIsTheValueThere(Activation activation) {
        assertThat(activation.atZero()).isEqualTo(ActivationDefinition.of(activation, 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"TANH", "SWISH", "HARD_SWISH", "GELU", "GELU_TANH", "MISH", "SOFTSIGN"})
    void aGateWithoutAKinkIsContinuousAtZero(Function function) {
        Activation activation = new Activation(function, 0.25f, 0.5f);

        assertThat(ActivationSlope.of(activation, Gates.HELD, 0))
                .isCloseTo(ActivationSlope.of(activation, Gates.HELD, 1e-9), within(1e-7));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void aGradientOfZeroStaysZero(Activation activation) {
        assertThat(ActivationSlope.times(0, activation, Gates.DIFFERENTIATED, -1e30))
                .isZero();
    }
}
