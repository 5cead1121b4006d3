package org.cam4j.evaluation.faithfulness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.cam4j.evaluation.localization.SyntheticMaps;
import org.junit.jupiter.api.Test;

class NoisyLinearImputationTest {

    @Test
    void agreesWithSciPysSparseSolver() {
        JsonNode fixture = SyntheticMaps.json("imputation.json");
        double[] image = doubles(fixture.get("image"));
        int width = fixture.get("width").intValue();
        int[] missing = Arrays.stream(doubles(fixture.get("missing")))
                .mapToInt(i -> (int) i)
                .toArray();

        new NoisyLinearImputation(width, image.length / width, missing).fill(image);

        assertThat(image).containsExactly(doubles(fixture.get("filled")), within(1e-6));
    }

    @Test
    void aLineIsFilledLinearly() {
        double[] line = {0, 200, 200, 200, 40};

        new NoisyLinearImputation(5, 1, new int[] {1, 2, 3}).fill(line);

        assertThat(line).containsExactly(new double[] {0, 10, 20, 30, 40}, within(1e-6));
    }

    @Test
    void noiseIsOnlyInWhatWasFilledAndRepeatsWithItsSeed() {
        int[] grey = new int[400];
        Arrays.fill(grey, 0x808080);
        int[] missing = IntStream.range(0, 300).toArray();
        NoisyLinearImputation imputation = new NoisyLinearImputation(20, 20, missing);

        int[] filled = imputation.filled(grey, 2.55, new Random(3));

        assertThat(filled).isEqualTo(imputation.filled(grey, 2.55, new Random(3)));
        assertThat(Arrays.copyOfRange(filled, 300, 400)).containsOnly(0x808080);
        assertThat(Arrays.stream(filled).limit(300).distinct().count()).isGreaterThan(50);
        double mean =
                Arrays.stream(filled).limit(300).map(p -> p & 0xFF).average().orElseThrow();
        assertThat(mean).isCloseTo(128, within(1.0));
        assertThat(imputation.filled(grey, 0, new Random(3))).isEqualTo(grey);
    }

    @Test
    void somethingMustBeLeft() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NoisyLinearImputation(2, 1, new int[] {0, 1}))
                .withMessageContaining("nothing is left");
    }

    private static double[] doubles(JsonNode numbers) {
        double[] values = new double[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).doubleValue();
        }
        return values;
    }
}
