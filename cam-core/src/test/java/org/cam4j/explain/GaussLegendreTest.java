package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Apache Commons Math. */
class GaussLegendreTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 101})
    void pointsAndWeightsAreThoseOfTheRule(int count) {
        GaussLegendre found = GaussLegendre.of(count);
        GaussIntegrator expected = new GaussIntegratorFactory().legendre(count, 0, 1);
        for (int i = 0; i < count; i++) {
            assertThat(found.points()[i]).isCloseTo(expected.getPoint(i), Offset.offset(1e-14));
            assertThat(found.weights()[i]).isCloseTo(expected.getWeight(i), Offset.offset(1e-14));
        }
    }
}
