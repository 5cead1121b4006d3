package org.cam4j.evaluation.faithfulness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {

    @Test
    void onlyTheOrderCounts() {
        assertThat(RankCorrelation.of(new float[] {1, 2, 3, 100}, new float[] {-5, 0, 7, 8}))
                .isEqualTo(1);
        assertThat(RankCorrelation.of(new float[] {1, 2, 3}, new float[] {9, 4, 1}))
                .isEqualTo(-1);
    }

    @Test
    void equalValuesShareTheirRank() {
        // scipy.stats.spearmanr([1, 2, 2, 3, 5], [2, 1, 4, 4, 4]): ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 4, 4, 4.
        assertThat(RankCorrelation.of(new float[] {1, 2, 2, 3, 5}, new float[] {2, 1, 4, 4, 4}))
                .isCloseTo(0.6308932681440449, within(1e-12));
    }

    @Test
    void aConstantIsInNoOrder() {
        assertThat(RankCorrelation.of(new float[] {1, 2, 3}, new float[] {4, 4, 4}))
                .isZero();
    }

    @Test
    void lengthsMustAgree() {
        assertThatIllegalArgumentException().isThrownBy(() -> RankCorrelation.of(new float[2], new float[3]));
    }
}
