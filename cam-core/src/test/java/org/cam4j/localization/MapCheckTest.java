package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.junit.jupiter.api.Test;

class MapCheckTest {

    private static final Geometry PHOTO = Geometry.squash(70, 50, 224, 224);

    @Test
    void aPeakInTheMiddleIsClear() {
        assertThat(verdict(0.9, PHOTO, 0, 0, 0, 0, 5, 0, 0, 0, -1).isClear()).isTrue();
    }

    @Test
    void negativeMapsAreNamed() {
        assertThat(verdict(0.9, PHOTO, -1, -2, -3, -1, -2, -3, -1, -2, -3).warnings())
                .containsExactly(MapWarning.ALL_NEGATIVE);
    }

    @Test
    void flatMapsAreNamedWhateverTheirLevel() {
        assertThat(verdict(0.9, PHOTO, 5, 5, 5, 5, 5.04f, 5, 5, 5, 5).warnings())
                .containsExactly(MapWarning.FLAT, MapWarning.BOX_NEARLY_WHOLE_PHOTO);
        assertThat(verdict(0.9, PHOTO, 0, 0, 0, 0, 0, 0, 0, 0, 0).warnings())
                .containsExactly(MapWarning.ALL_NEGATIVE, MapWarning.FLAT);
    }

    @Test
    void aPeakOnTheBorderIsNamed() {
        assertThat(verdict(0.9, PHOTO, 0, 0, 0, 0, 1, 5, 0, 0, 0).warnings())
                .containsExactly(MapWarning.PEAK_ON_BORDER);
        assertThat(MapCheck.of(map(0.9, PHOTO, 1, 2, new float[] {1, 0})).warnings())
                .isEmpty();
    }

    @Test
    void aPeakOnTheBarsIsNamed() {
        // A photo of 90x30 in the middle third of an input of 90x90.
        Geometry letterbox = new Geometry(90, 30, 90, 90, 1, 1, 0, 30);

        assertThat(verdict(0.9, letterbox, 0, 5, 0, 0, 4, 0, 0, 0, 0).warnings())
                .contains(MapWarning.PEAK_ON_PADDING)
                .doesNotContain(MapWarning.PEAK_ON_BORDER);
    }

    @Test
    void aBoxOfNearlyThePhotoIsNamed() {
        assertThat(verdict(0.9, PHOTO, 3, 3, 3, 3, 5, 3, 3, 3, 3).warnings())
                .containsExactly(MapWarning.BOX_NEARLY_WHOLE_PHOTO);
    }

    @Test
    void anUnlikelyClassIsNamed() {
        assertThat(verdict(0.49, PHOTO, 0, 0, 0, 0, 5, 0, 0, 0, 0).warnings())
                .containsExactly(MapWarning.LOW_PROBABILITY);
    }

    @Test
    void everyWarningHasASentence() {
        assertThat(Arrays.stream(MapWarning.values()).map(MapWarning::sentence))
                .allSatisfy(sentence -> assertThat(sentence).endsWith("."))
                .doesNotHaveDuplicates();
    }

    private static MapCheck verdict(double probability, Geometry geometry, float... cells) {
        return MapCheck.of(map(probability, geometry, 3, 3, cells));
    }

    private static ActivationMap map(double probability, Geometry geometry, int height, int width, float... cells) {
        return new ActivationMap(new Prediction(1, "fox", 2, probability), height, width, cells, geometry);
    }
}
