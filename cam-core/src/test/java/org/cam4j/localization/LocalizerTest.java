package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

    @Test
    void minMaxMeasuresFromTheMinimum() {
        // From -1 at pixel 25 to 1 at pixel 75: half-way at pixel 50.
        ActivationMap map = map(1, 2, Geometry.squash(100, 10, 224, 224), -1, 1);

        assertThat(Localizer.minMax(0.5).box(map)).contains(new BoundingBox(50, 0, 100, 10));
        assertThat(Localizer.minMax(0.5).box(map(1, 2, Geometry.squash(100, 10, 224, 224), -3, -1)))
                .contains(new BoundingBox(50, 0, 100, 10));
        assertThat(Localizer.minMax(0.5).box(map(1, 2, Geometry.squash(100, 10, 224, 224), 2, 2)))
                .isEmpty();
    }

    @Test
    void allRegionsAreFoundAndSmallOnesLeftOut() {
        // Cells of 10 pixels with centres at 5, 15, ...; each region is above half from half a cell before its centre.
        ActivationMap map = map(1, 7, Geometry.squash(70, 10, 7, 1), 1, 0, 0, 1, 1, 0, 0);

        assertThat(Localizer.relative(0.5).boxes(map))
                .containsExactly(new BoundingBox(30, 0, 50, 10), new BoundingBox(0, 0, 10, 10));
        assertThat(Localizer.relative(0.5).minimumArea(0.2).boxes(map)).containsExactly(new BoundingBox(30, 0, 50, 10));
        assertThat(Localizer.relative(0.5).minimumArea(0.9).box(map)).isEmpty();
    }

    @Test
    void twoPeaksAreOneObjectUnlessSplit() {
        ActivationMap map = map(1, 5, Geometry.squash(50, 10, 5, 1), 10, 9, 4, 8, 8);

        assertThat(Localizer.relative(0.3).boxes(map)).containsExactly(new BoundingBox(0, 0, 50, 10));
        assertThat(Localizer.relative(0.3).splitting(0.1).boxes(map)).hasSize(2).satisfies(boxes -> {
            // They meet at the lowest pixels, about the third cell's centre at 25.
            assertThat(boxes.get(0).union(boxes.get(1))).isEqualTo(new BoundingBox(0, 0, 50, 10));
            assertThat(boxes.get(0).intersectionArea(boxes.get(1))).isZero();
            assertThat(boxes).anySatisfy(box -> assertThat(box.x1()).isBetween(24, 26));
        });
        // The lower peak, 8, rises above the pass, about 4, by 0.4 of the maximum.
        assertThat(Localizer.relative(0.3).splitting(0.5).boxes(map)).hasSize(1);
    }

    @Test
    void theRegionIsWhatTheBoxEncloses() {
        ActivationMap map = map(3, 3, Geometry.squash(90, 60, 9, 9), 1, 0, 0, 0, 0, 0.9f, 0, 0, 0.9f);

        Mask region = Localizer.relative(0.4).region(map);

        assertThat(region.box()).isEqualTo(Localizer.relative(0.4).box(map)).isPresent();
        assertThat(region.contains(80, 50)).isTrue();
        assertThat(region.contains(5, 5)).isFalse();
        assertThat(Localizer.paper()
                        .region(map(1, 1, Geometry.squash(3, 2, 1, 1), -1))
                        .area())
                .isZero();
    }

    @Test
    void theFittedThresholdIsTheOneThatDrewTheBoxes() {
        Geometry geometry = Geometry.squash(400, 100, 224, 224);
        ActivationMap map = map(1, 2, geometry, 0, 1);
        BoundingBox drawn = Localizer.relative(0.63).box(map).orElseThrow();

        Localizer fitted = Localizer.fitted(List.of(
                new LabelledMap(map, List.of(new BoundingBox(0, 0, 3, 3), drawn)),
                new LabelledMap(map(1, 1, geometry, -1), List.of(drawn))));

        assertThat(fitted.fraction()).isEqualTo(0.63);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Localizer.fitted(List.of()))
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledMap(map, List.of()))
                .withMessageContaining("giant panda");
    }

    @Test
    void severalThresholdsGiveTheWholeAndItsParts() {
        // 0.6 between two peaks: joined at 20 of 255, apart at 100 and 110 only if the pass is below 0.39.
        ActivationMap map = map(1, 7, Geometry.squash(70, 10, 7, 1), 0, 1, 0.2f, 0.2f, 0.8f, 0.9f, 0);

        List<BoundingBox> boxes = Localizer.multiThreshold().boxes(map);

        assertThat(boxes).hasSize(3);
        assertThat(boxes.get(0)).isEqualTo(Localizer.minMax(20 / 255.0).box(map).orElseThrow());
        assertThat(boxes.subList(1, 3))
                .containsExactlyElementsOf(Localizer.minMax(100 / 255.0).boxes(map));
        assertThat(Localizer.multiThreshold().boxes(map(1, 1, Geometry.squash(3, 2, 1, 1), 7)))
                .isEmpty();
    }

    @Test
    void thresholdsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Localizer.relative(1))
                .withMessageContaining("less than 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Localizer.minMax(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Localizer.paper().splitting(-0.1))
                .withMessageContaining("prominence");
    }

    private static ActivationMap map(int height, int width, Geometry geometry, float... values) {
        return new ActivationMap(PANDA, height, width, values, geometry);
    }
}
