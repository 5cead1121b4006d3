package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cam4j.PhotoMap;
import org.junit.jupiter.api.Test;

class ValueRangeTest {

    private static ValueRange range(float... values) {
        return ValueRange.of(PhotoMap.of(values, values.length, 1));
    }

    @Test
    void levelsAndFractionsAreEachOthersInverse() {
        ValueRange range = range(3, -1, 0.5f);

        assertThat(range).isEqualTo(new ValueRange(-1, 3));
        assertThat(range.level(0.25)).isZero();
        assertThat(range.fraction(0)).isEqualTo(0.25);
        assertThat(range.fraction(range.level(0.3))).isCloseTo(0.3, within(1e-15));
    }

    @Test
    void aSpanBeyondFloatsStaysFinite() {
        ValueRange range = range(-Float.MAX_VALUE, Float.MAX_VALUE);

        assertThat(range.span()).isEqualTo(2.0 * Float.MAX_VALUE);
        assertThat(range.level(0.5)).isZero();
    }

    @Test
    void equalValuesAreFlatAndLieAtZero() {
        ValueRange range = range(2, 2);

        assertThat(range.isFlat()).isTrue();
        assertThat(range.fraction(2)).isZero();
    }

    @Test
    void aValueThatIsNotANumberMakesTheRangeFlat() {
        assertThat(range(1, Float.NaN, 2).isFlat()).isTrue();
    }
}
