package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cam4j.ActivationMap;
import org.cam4j.InterpolatedMap;
import org.cam4j.PhotoMap;
import org.cam4j.Prediction;
import org.cam4j.image.Extent;
import org.cam4j.image.Fit;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;
import org.junit.jupiter.api.Test;

/** Regions and extremes of interpolated maps are those of the array of all their values, to the pixel. */
class InterpolatedRegionsTest {

    private static final Prediction PANDA = new Prediction(388, "giant panda", 12.3, 0.97);

    /** How the random values of maps are made. */
    private enum Values {
        ORDINARY,
        /** Equal neighbours, and values at thresholds. */
        WHOLE,
        /** Some units in the last place apart, where rounding decides between pixels. */
        NEARLY_EQUAL,
        TINY,
        /** Differences overflow. */
        HUGE;

        float of(Random random) {
            return switch (this) {
                case ORDINARY -> (float) random.nextGaussian() * 10;
                case WHOLE -> random.nextInt(4) - 1;
                case NEARLY_EQUAL -> 1 + random.nextInt(5) * Math.ulp(1f);
                case TINY -> (random.nextInt(9) - 4) * Float.MIN_VALUE;
                case HUGE -> (random.nextFloat() - 0.3f) * Float.MAX_VALUE;
            };
        }
    }

    @Property(tries = 3000)
    void regionsAndExtremesAreThoseOfAllPixels(
            @ForAll Values values,
            @ForAll @IntRange(min = 1, max = 12) int h,
            @ForAll @IntRange(min = 1, max = 12) int w,
            @ForAll @IntRange(min = 1, max = 90) int photoHeight,
            @ForAll @IntRange(min = 1, max = 90) int photoWidth,
            @ForAll Fit fit,
            @ForAll long seed) {
        Random random = new Random(seed);
        ActivationMap map = map(values, h, w, fit.geometry(photoWidth, photoHeight, 40, 32), random);
        PhotoMap all = map.photoMap();
        PhotoMap counted = PhotoMap.of(all.values(), all.width(), all.height());
        InterpolatedMap some = map.interpolated();

        assertThat(some.min()).isEqualTo(counted.min());
        assertThat(some.max()).isEqualTo(counted.max());
        double[] thresholds = {
            0,
            all.values()[random.nextInt(all.values().length)],
            ValueRange.of(some).level(0.2),
            ValueRange.of(some).level(random.nextDouble())
        };
        for (double threshold : thresholds) {
            for (Connectivity connectivity : Connectivity.values()) {
                List<FloodFill> expected =
                        FloodFill.of(FloodFill.mask(threshold, all.values()), all.width(), connectivity);
                ConnectedComponents found = ConnectedComponents.above(threshold, some, connectivity);
                assertThat(found.regions())
                        .isEqualTo(expected.stream().map(FloodFill::region).toList());
                assertThat(found.largestMask().toArray())
                        .isEqualTo(
                                expected.isEmpty()
                                        ? new boolean[all.values().length]
                                        : expected.get(0).pixels());
            }
        }
    }

    @Property(tries = 300)
    void valuesAreThoseOfTheEnlargedMap(
            @ForAll Values values,
            @ForAll @IntRange(min = 1, max = 9) int h,
            @ForAll @IntRange(min = 1, max = 9) int w,
            @ForAll @IntRange(min = 1, max = 40) int photoHeight,
            @ForAll @IntRange(min = 1, max = 40) int photoWidth,
            @ForAll Fit fit,
            @ForAll long seed) {
        ActivationMap map = map(values, h, w, fit.geometry(photoWidth, photoHeight, 40, 32), new Random(seed));
        PhotoMap all = map.photoMap();
        InterpolatedMap some = map.interpolated();
        float[] row = new float[photoWidth];

        for (int y = 0; y < photoHeight; y++) {
            some.row(y, row);
            for (int x = 0; x < photoWidth; x++) {
                assertThat(some.at(y, x)).isEqualTo(all.at(y, x));
                assertThat(row[x]).isEqualTo(all.at(y, x));
            }
        }
    }

    /** The closed form: along a column of two cells, 0 and 1, pixel y of 1000 has the value (y + 0.5) / 500 - 0.5. */
    @Test
    void aThresholdBetweenTwoCellsIsMetAtItsPixel() {
        ActivationMap map = new ActivationMap(PANDA, 2, 1, new float[] {0, 1}, Geometry.squash(3000, 1000, 224, 224));

        assertThat(Localizer.relative(0.501).box(map)).contains(new BoundingBox(0, 501, 3000, 1000));
        assertThat(map.interpolated().turns()).containsExactly(0, 750);
    }

    /** Covers all of the input, or starts and ends anywhere, with some of it cropped away. */
    private static ActivationMap map(Values values, int h, int w, Geometry geometry, Random random) {
        float[] cells = new float[h * w];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = values.of(random);
        }
        MapPlacement placement = random.nextBoolean()
                ? MapPlacement.whole(geometry.inputHeight(), geometry.inputWidth())
                : new MapPlacement.Placed(
                        extent(geometry.inputHeight(), random),
                        extent(geometry.inputWidth(), random),
                        random.nextBoolean());
        return new ActivationMap(PANDA, h, w, cells, geometry, placement);
    }

    private static Extent extent(int pixels, Random random) {
        double from = (random.nextDouble() - 0.4) * pixels;
        double seenFrom = (random.nextDouble() - 0.4) * pixels;
        return new Extent(
                from,
                from + (0.1 + random.nextDouble()) * pixels,
                seenFrom,
                seenFrom + (0.1 + random.nextDouble()) * pixels);
    }
}
