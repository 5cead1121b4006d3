package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WatershedTest {

    private static final float[] TWO_HILLS = {1, 3, 9, 5, 2, 4, 6, 3, 1};

    @Test
    void pixelsFlowToTheirHighestNeighbour() {
        // The pass, 2, has the neighbours 5 and 4: it belongs to the first hill.
        assertThat(Watershed.regions(0, 1, TWO_HILLS, 9, Connectivity.FOUR))
                .containsExactly(
                        new Region(BoundingBox.ofSize(0, 0, 5, 1), 5), new Region(BoundingBox.ofSize(5, 0, 4, 1), 4));
    }

    @Test
    void aPeakThatRisesTooLittleAboveThePassIsNoObject() {
        // The lower peak rises 6 - 2 = 4 above the pass.
        assertThat(Watershed.regions(0, 4, TWO_HILLS, 9, Connectivity.FOUR)).hasSize(2);
        assertThat(Watershed.regions(0, 4.01, TWO_HILLS, 9, Connectivity.FOUR)).hasSize(1);
    }

    @Test
    void regionsApartNeedNoPass() {
        assertThat(Watershed.regions(2, 100, TWO_HILLS, 9, Connectivity.FOUR))
                .extracting(Region::box)
                .containsExactly(BoundingBox.ofSize(1, 0, 3, 1), BoundingBox.ofSize(5, 0, 3, 1));
    }

    @Test
    void aPlateauIsOnePeak() {
        float[] plateau = {0, 5, 5, 5, 0, 0, 5, 5, 5, 0};

        assertThat(Watershed.regions(0, 0.1, plateau, 5, Connectivity.FOUR))
                .containsExactly(new Region(BoundingBox.ofSize(1, 0, 3, 2), 6));
    }

    @Test
    void negativeValuesAreOrderedToo() {
        float[] hills = {-9, -3, -9, -1, -5};

        assertThat(Watershed.regions(-10, 1, hills, 5, Connectivity.FOUR))
                .extracting(Region::box)
                .containsExactly(BoundingBox.ofSize(2, 0, 3, 1), BoundingBox.ofSize(0, 0, 2, 1));
    }

    @Property
    void withoutDistinctPeaksItGivesTheConnectedComponents(
            @ForAll @Size(80) float[] noise, @ForAll @FloatRange(min = -1, max = 1) float threshold) {
        for (Connectivity connectivity : Connectivity.values()) {
            List<Region> components = FloodFill.above(threshold, noise, 10, connectivity);

            assertThat(Watershed.regions(threshold, Double.POSITIVE_INFINITY, noise, 10, connectivity))
                    .containsExactlyInAnyOrderElementsOf(components);
        }
    }

    @Property
    void splittingLosesNoPixel(@ForAll @Size(80) float[] noise) {
        long above = 0;
        for (float value : noise) {
            above += value > 0 ? 1 : 0;
        }

        assertThat(Watershed.regions(0, 0.1, noise, 8, Connectivity.EIGHT).stream()
                        .mapToLong(Region::area)
                        .sum())
                .isEqualTo(above);
    }
}
