package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocalizerTest {

    private static final Prediction PANDA = new Prediction(388, "giant panda", 12.3, 0.97);

    @ParameterizedTest
    @MethodSource("tensorFlowBoxes")
    void boxIsTensorFlowsUpsamplingCutByScipy(String line) {
        int[] numbers = Fixtures.integers(line, 8);
        int height = numbers[2];
        int width = numbers[3];
        List<String> words = Fixtures.words(line);
        float[] values = new float[height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words.get(8 + i));
        }

        ActivationMap map = map(height, width, Geometry.squash(numbers[0], numbers[1], 224, 224), values);

        assertThat(Localizer.paper().box(map))
                .contains(new BoundingBox(numbers[4], numbers[5], numbers[6], numbers[7]));
    }

    static Stream<String> tensorFlowBoxes() {
        return Fixtures.lines("boxes.txt").stream();
    }

    @Test
    void aRampIsCutWhereItCrossesTwentyPercent() {
        // Centres of the two cells at pixels 25 and 75: 0 to the left, (x + 0.5 - 25) / 50 between, 1 to the right.
        // Above 0.2 from x = 35 on: pixel 34 has 0.19, pixel 35 has 0.21.
        ActivationMap map = map(1, 2, Geometry.squash(100, 10, 224, 224), 0, 1);

        assertThat(Localizer.paper().box(map)).contains(new BoundingBox(35, 0, 100, 10));
    }

    @Test
    void widthAndHeightAreNotSwapped() {
        // As the ramp, downwards: between the centres at 10 and 30 of 40 rows, above 0.2 from y = 14 on.
        ActivationMap map = map(2, 1, Geometry.squash(90, 40, 224, 160), 0, 5);

        assertThat(Localizer.paper().box(map)).contains(new BoundingBox(0, 14, 90, 40));
    }

    @Test
    void theThresholdIsOfTheMaximumWhateverTheMinimum() {
        // From -1 at pixel 25 to 1 at pixel 75: 0.2 is crossed at 25 + 50 * 1.2 / 2 = 55.
        ActivationMap map = map(1, 2, Geometry.squash(100, 10, 224, 224), -1, 1);

        assertThat(Localizer.paper().box(map)).contains(new BoundingBox(55, 0, 100, 10));
    }

    @Test
    void scalingTheMapLeavesTheBox() {
        Geometry geometry = Geometry.squash(97, 61, 224, 224);

        assertThat(Localizer.paper().box(map(2, 3, geometry, 1e-6f, 0, 0, 0, 5e-6f, -2e-6f)))
                .isEqualTo(Localizer.paper().box(map(2, 3, geometry, 1e6f, 0, 0, 0, 5e6f, -2e6f)))
                .isPresent();
    }

    @Test
    void nothingInFavourMeansNoBox() {
        Geometry geometry = Geometry.squash(30, 20, 224, 224);

        assertThat(Localizer.paper().box(map(1, 2, geometry, -3, -1))).isEmpty();
        assertThat(Localizer.paper().box(map(1, 2, geometry, 0, -0.0f))).isEmpty();
    }

    @Test
    void theFaintestEvidenceHasABox() {
        ActivationMap map = map(1, 2, Geometry.squash(4, 2, 2, 2), 0, Float.MIN_VALUE);

        assertThat(Localizer.paper().box(map)).isPresent();
    }

    @Test
    void boxOfALetterboxedPhotoLiesInThePhoto() {
        // 100x50 drawn into 100x100 below a bar of 25 rows; the maximum of the map is in the bar and does not count.
        Geometry letterbox = new Geometry(100, 50, 100, 100, 1, 1, 0, 25);
        ActivationMap map = map(4, 1, letterbox, 100, 0, 10, 0);

        // Rows' centres at -12.5, 12.5, 37.5 and 62.5 of the photo. Its first row, centre 0.5, is 12/25 of the way up
        // to the
        // bar's 100: 48, the maximum. Above 9.6 from the top while 100 * (12.5 - centre) / 25 > 9.6: rows 0 to 9.
        assertThat(Localizer.paper().box(map)).contains(new BoundingBox(0, 0, 100, 10));
    }

    @Test
    void croppedAwayPixelsBelongToNoBox() {
        // 200x100 of which the network saw the columns 50 to 150.
        Geometry crop = new Geometry(200, 100, 100, 100, 1, 1, -50, 0);

        assertThat(Localizer.paper().box(map(1, 1, crop, 7))).contains(new BoundingBox(50, 0, 150, 100));
    }

    private static ActivationMap map(int height, int width, Geometry geometry, float... values) {
        return new ActivationMap(PANDA, height, width, values, geometry);
    }
}
