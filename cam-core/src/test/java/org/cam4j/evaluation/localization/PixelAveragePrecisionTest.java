package org.cam4j.evaluation.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.cam4j.evaluation.localization.SyntheticMaps.map;

import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Mask;
import org.junit.jupiter.api.Test;

class PixelAveragePrecisionTest {

    @Test
    void agreesWithNumPysHistograms() {
        PixelAveragePrecision precision = new PixelAveragePrecision();
        for (Observation seen : SyntheticMaps.observations()) {
            Geometry geometry = seen.map().geometry();
            precision.add(seen.map(), Mask.of(geometry.photoWidth(), geometry.photoHeight(), seen.truth()));
        }

        assertThat(precision.result())
                .isCloseTo(SyntheticMaps.json("measures.json").get("pxAp").doubleValue(), within(1e-6));
    }

    @Test
    void aMapThatIsTheMaskIsPerfect() {
        assertThat(precision(new boolean[] {true, true, false, false})).isEqualTo(1);
    }

    @Test
    void precisionIsWeighedByRecallGained() {
        // Values 3, 2, 1, 0 of which the second and third are right: 1/2 at half of the recall, 2/3 at all of it.
        assertThat(precision(new boolean[] {false, true, true, false}))
                .isCloseTo((1 / 2.0 + 2 / 3.0) / 2, within(1e-12));
    }

    @Test
    void ignoredPixelsDoNotCount() {
        PixelAveragePrecision precision = new PixelAveragePrecision();
        precision.add(
                pixels(),
                new Mask(4, 1, new boolean[] {false, true, true, false}),
                Mask.of(4, 1, List.of(new BoundingBox(0, 0, 2, 1))));

        assertThat(precision.result()).isEqualTo(1);
    }

    @Test
    void masksOfOtherPhotosAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PixelAveragePrecision().add(pixels(), Mask.of(1, 4, List.of())))
                .withMessageContaining("1x4");
        PixelAveragePrecision empty = new PixelAveragePrecision();
        empty.add(pixels(), Mask.of(4, 1, List.of()));
        assertThatIllegalStateException().isThrownBy(empty::result);
    }

    private static double precision(boolean[] mask) {
        PixelAveragePrecision precision = new PixelAveragePrecision();
        precision.add(pixels(), new Mask(4, 1, mask));
        return precision.result();
    }

    private static ActivationMap pixels() {
        return map(4, 1, 1, 4, 3, 2, 1, 0);
    }
}
