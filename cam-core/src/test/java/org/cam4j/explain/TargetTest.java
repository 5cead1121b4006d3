package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TargetTest {

    private static final double[] LOGITS = {1.2, -0.4, 0.9, 2.1, -3};

    static Stream<Target> targets() {
        return Stream.of(
                Target.logit(3),
                Target.difference(0, 2),
                Target.logSoftmax(2),
                Target.logSoftmax(2).exp(),
                Target.logSigmoid(Target.logit(4)),
                Target.logSigmoid(Target.logit(0)).exp(),
                Target.logOutput(3),
                Target.logOutput(0).exp(),
                Target.logit(1).plus(Target.logSoftmax(1)),
                new WeightedDifferenceTarget(0, List.of(1, 2, 3)));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void seedsAndCurvaturesAreDerivatives(Target target) {
        double step = 1e-5;
        for (int c = 0; c < LOGITS.length; c++) {
            double[] above = LOGITS.clone();
            double[] below = LOGITS.clone();
            above[c] += step;
            below[c] -= step;
            double slope = (target.value(above) - target.value(below)) / (2 * step);
            assertThat(target.seed(LOGITS)[c]).as("by logit %d", c).isCloseTo(slope, Offset.offset(1e-9));
            double[] column = target.curvature(LOGITS, c);
            for (int d = 0; d < LOGITS.length; d++) {
                double bend = (target.seed(above)[d] - target.seed(below)[d]) / (2 * step);
                assertThat(column[d]).as("by logits %d and %d", c, d).isCloseTo(bend, Offset.offset(1e-7));
            }
        }
    }

    @Test
    void probabilitiesAreThoseOfSoftmaxAndSigmoid() {
        double sum = 0;
        for (double y : LOGITS) {
            sum += Math.exp(y);
        }
        assertThat(Target.logSoftmax(3).exp().value(LOGITS)).isCloseTo(Math.exp(2.1) / sum, Offset.offset(1e-15));
        assertThat(Target.logSigmoid(Target.logit(3)).exp().value(LOGITS))
                .isCloseTo(1 / (1 + Math.exp(-2.1)), Offset.offset(1e-15));
    }

    @Test
    void logarithmsOfProbabilitiesStayFiniteForLogitsOfAnySize() {
        double[] large = {800, -900};
        assertThat(Target.logSoftmax(1).value(large)).isEqualTo(-1700);
        assertThat(Target.logSoftmax(1).seed(large)).containsExactly(-1, 1);
        assertThat(Target.logSigmoid(Target.logit(1)).value(large)).isEqualTo(-900);
        assertThat(Target.logSigmoid(Target.logit(1)).seed(large)).containsExactly(0, 1);
        assertThat(Target.logOutput(0).value(new double[] {0, 1})).isNegative().isFinite();
        assertThat(Target.logOutput(0).seed(new double[] {0, 1})[0]).isFinite();
    }

    @Test
    void aSumSpeaksForItsFirstClass() {
        assertThat(Target.difference(4, 1).classIndex()).isEqualTo(4);
        assertThat(Target.logSigmoid(Target.logit(2)).exp().classIndex()).isEqualTo(2);
    }

    @Test
    void classesThatTheNetworkDoesNotHaveAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.logit(5).value(LOGITS))
                .withMessage("class 5 is none of the network's 5 classes, which count from 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.logSoftmax(5).seed(LOGITS));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.logit(-1))
                .withMessage("class -1 is below 0; classes count from 0");
    }
}
