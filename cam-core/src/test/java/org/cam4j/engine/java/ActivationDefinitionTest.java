package org.cam4j.engine.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationDefinitionTest {

    private static final Offset<Double> EXACT = within(1e-12);

    /** Values of SciPy 1.14 ({@code special.erf}, {@code special.expit}) and NumPy, in double precision. */
    @ParameterizedTest
    @CsvSource({
        "RELU, 0.25, 0, -2, -0.5",
        "RELU, 0.25, 0, 2, 2",
        "CLIP, -1, 6, 7, 6",
        "CLIP, -1, 6, -7, -1",
        "ELU, 0.5, 0, -1, -0.31606027941427883",
        "SCALED_ELU, 0.5, 2, -1, -0.6321205588285577",
        "SCALED_ELU, 0.5, 2, 3, 6",
        "SIGMOID, 0, 0, 1, 0.7310585786300049",
        "TANH, 0, 0, 1, 0.7615941559557649",
        "SWISH, 1, 0, 1, 0.7310585786300049",
        "SWISH, 2, 0, -1, -0.11920292202211755",
        "HARD_SIGMOID, 0.25, 0.5, 1, 0.75",
        "HARD_SIGMOID, 0.25, 0.5, -3, 0",
        "HARD_SWISH, 0.25, 0.5, 1, 0.75",
        "HARD_SWISH, 0.25, 0.5, 3, 3",
        "SOFTPLUS, 0, 0, 1, 1.3132616875182228",
        "SOFTPLUS, 0, 0, -800, 0",
        "SOFTPLUS, 0, 0, 800, 800",
        "GELU, 0, 0, 1, 0.8413447460685429",
        "GELU, 0, 0, -2, -0.04550026389635842",
        "GELU, 0, 0, 9, 9",
        "GELU_TANH, 0, 0, 1, 0.8411919906082768",
        "MISH, 0, 0, 1, 0.8650983882673103",
        "SOFTSIGN, 0, 0, -3, -0.75",
        "EXPONENTIAL, 0, 0, 1, 2.718281828459045",
        "THRESHOLD, 0.5, 0, 0.5, 0",
        "THRESHOLD, 0.5, 0, 0.75, 0.75",
        "POWER, -0.5, 0, 4, 0.5"
    })
    void activationsGiveTheirFormulas(Function function, float alpha, float beta, double x, double expected) {
        assertThat(ActivationDefinition.of(new Activation(function, alpha, beta), x))
                .isCloseTo(expected, EXACT);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotANumberStaysSo(Function function) {
        assertThat(ActivationDefinition.of(new Activation(function, 0.5f, 2), Double.NaN))
                .isNaN();
    }

    @Test
    void infiniteNumbersBelowZeroAreRectified() {
        assertThat(ActivationDefinition.of(Activation.RELU, Double.NEGATIVE_INFINITY))
                .isZero();
        assertThat(ActivationDefinition.of(Activation.RELU6, Double.NEGATIVE_INFINITY))
                .isZero();
    }
}
