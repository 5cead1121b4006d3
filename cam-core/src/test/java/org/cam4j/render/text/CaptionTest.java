package org.cam4j.render.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1.00",
        "0.9999, >0.99",
        "0.9949, 0.99",
        "0.974, 0.97",
        "0.5, 0.50",
        "0.005, 0.01",
        "1e-9, <0.01",
        "0, 0.00"
    })
    void probabilityNeverClaimsMoreThanItKnows(double probability, String words) {
        assertThat(Caption.probability(probability)).isEqualTo(words);
    }

    @Test
    void probabilityHasAPointInEveryCountry() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Caption.probability(0.25)).isEqualTo("0.25");
        } finally {
            Locale.setDefault(before);
        }
    }
}
