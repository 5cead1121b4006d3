package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cam4j.evaluation.localization.BoxAccuracy;
import org.cam4j.evaluation.localization.PixelAveragePrecision;
import org.cam4j.evaluation.localization.PointingGame;
import org.cam4j.image.Fit;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.LabelledMap;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.Mask;
import org.cam4j.render.overlay.Overlay;
import org.junit.jupiter.api.Test;

class ActivationMapTest {

    private static final Prediction PANDA = new Prediction(388, "giant panda", 12.3, 0.97);

    private static ActivationMap map(int height, int width, Geometry geometry, float... values) {
        return new ActivationMap(PANDA, height, width, values, geometry);
    }

    private static ActivationMap map(int height, int width, float... values) {
        return map(height, width, Geometry.squash(width, height, 32, 32), values);
    }

    @Test
    void keepsItsValuesRawAndItsOwn() {
        float[] values = {-2, 0, 1, 4, 3, -1};
        ActivationMap map = map(2, 3, values);
        values[0] = 99;
        map.toArray()[1] = 99;
        map.values().putScalar(0, 2, 99);

        assertThat(map.toArray()).containsExactly(-2, 0, 1, 4, 3, -1);
        assertThat(map.values().shape()).containsExactly(2, 3);
        assertThat(map.at(1, 0)).isEqualTo(4);
        assertThat(map.min()).isEqualTo(-2);
        assertThat(map.max()).isEqualTo(4);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> map.at(2, 0));
    }

    @Test
    void viewsAreNewMaps() {
        ActivationMap map = map(2, 2, -2, 0, 1, 2);

        assertThat(map.rectified().toArray()).containsExactly(0, 0, 1, 2);
        assertThat(map.normalized().toArray()).containsExactly(0, 0.5f, 0.75f, 1);
        assertThat(map.toArray()).containsExactly(-2, 0, 1, 2);
    }

    @Test
    void aFlatMapNormalisesToZero() {
        assertThat(map(1, 2, 3, 3).normalized().toArray()).containsExactly(0, 0);
    }

    @Test
    void refusesValuesThatAreNotFinite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> map(1, 2, 1, Float.NaN))
                .withMessageContainingAll("giant panda", "NaN", "finite");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> map(2, 2, 1, 2, 3))
                .withMessageContainingAll("2x2", "3 values");
    }

    @Test
    void widthAndHeightOfAPhotoAreNotSwapped() {
        // The left column is hot; the photo is wide.
        ActivationMap map = map(2, 2, Geometry.squash(8, 4, 32, 32), 1, 0, 1, 0);

        float[] photo = map.upsampledArray();

        assertThat(map.upsampled().shape()).containsExactly(4, 8);
        for (int y = 0; y < 4; y++) {
            assertThat(photo[y * 8]).isEqualTo(1);
            assertThat(photo[y * 8 + 7]).isEqualTo(0);
            assertThat(photo[y * 8 + 3]).isCloseTo(0.625f, within(1e-6f));
        }
    }

    @Test
    void theEnlargedMapIsSharedByAllThatReadItAndCopiedForThoseWhoChangeIt() {
        ActivationMap map = map(2, 2, Geometry.squash(8, 4, 32, 32), 1, -3, 1, 0);
        float[] alone = map.upsampledArray();

        PhotoMap shared = map.photoMap();
        float[] copy = map.upsampledArray();
        copy[0] = 100;

        assertThat(map.photoMap()).isSameAs(shared);
        assertThat(shared.values()).isEqualTo(alone);
        assertThat(shared.width()).isEqualTo(8);
        assertThat(shared.height()).isEqualTo(4);
        assertThat(shared.min()).isEqualTo(-3);
        assertThat(shared.max()).isEqualTo(1);
        assertThat(shared.at(3, 7)).isEqualTo(alone[3 * 8 + 7]);
        assertThat(shared).hasToString("map of 8x4 pixels, -3.00 to 1.00");
        assertThat(map.upsampled().data().asFloat()).isEqualTo(alone);
        assertThat(map.rectified().photoMap().min()).isZero();
    }

    @Test
    void boxesPicturesAndMeasuresLeaveTheSharedMapAsItIs() {
        ActivationMap map = map(3, 3, Geometry.squash(30, 20, 32, 32), 1, -3, 1, 0, 2, 0, -1, 5, 2);
        PhotoMap shared = map.photoMap();
        float[] before = shared.values().clone();
        BufferedImage photo = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
        List<BoundingBox> truth = List.of(new BoundingBox(0, 0, 10, 10));
        BoxAccuracy boxes = new BoxAccuracy();
        PixelAveragePrecision pixels = new PixelAveragePrecision();

        Localizer.paper().splitting(0.1).boxes(map);
        Localizer.minMax(0.3).region(map);
        Localizer.multiThreshold().boxes(map);
        Localizer.fitted(List.of(new LabelledMap(map, truth)));
        MapCheck.of(map);
        Overlay.of(photo, map).contours(0.5).legend().image();
        boxes.add(map, truth);
        pixels.add(map, Mask.of(30, 20, truth));
        PointingGame.hit(map, truth);

        assertThat(map.photoMap()).isSameAs(shared);
        assertThat(shared.values()).isEqualTo(before);
    }

    @Test
    void aMapOfPixelsHasAsManyValuesAsPixels() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PhotoMap.of(new float[5], 3, 2))
                .withMessage("a map of 3x2 pixels cannot have 5 values");
        assertThatIllegalArgumentException().isThrownBy(() -> PhotoMap.of(new float[0], 0, 0));
    }

    /** A map that rises linearly over the input has, between its outermost cell centres, the input's own coordinates as values. */
    @Property
    void coordinatesComeBackWhateverTheFit(
            @ForAll @IntRange(min = 20, max = 300) int photoWidth,
            @ForAll @IntRange(min = 20, max = 300) int photoHeight,
            @ForAll Fit fit) {
        Geometry geometry = fit.geometry(photoWidth, photoHeight, 96, 64);
        int cells = 8;
        float[] ramp = new float[cells * cells];
        for (int y = 0; y < cells; y++) {
            for (int x = 0; x < cells; x++) {
                ramp[y * cells + x] = (x + 0.5f) * 96 / cells + 1000 * ((y + 0.5f) * 64 / cells);
            }
        }

        float[] photo = map(cells, cells, geometry, ramp).upsampledArray();

        for (int y = 0; y < photoHeight; y += 7) {
            for (int x = 0; x < photoWidth; x += 7) {
                double inputX = geometry.toInputX(x + 0.5);
                double inputY = geometry.toInputY(y + 0.5);
                if (inputX < 0 || inputX >= 96 || inputY < 0 || inputY >= 64) {
                    assertThat(photo[y * photoWidth + x]).isZero();
                } else if (inputX > 6 && inputX < 90 && inputY > 4 && inputY < 60) {
                    assertThat((double) photo[y * photoWidth + x]).isCloseTo(inputX + 1000 * inputY, within(0.05));
                }
            }
        }
    }

    @Test
    void saysWhatItIs() {
        assertThat(map(1, 2, -1, 2.5f)).hasToString("map of giant panda, 1x2, -1.00 to 2.50");
        assertThat(PANDA).hasToString("giant panda, probability 0.970, logit 12.30");
    }
}
