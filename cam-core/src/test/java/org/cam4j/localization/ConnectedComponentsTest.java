package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectedComponentsTest {

    @ParameterizedTest
    @MethodSource("scipyMasks")
    void largestRegionIsScipys(List<String> rows, BoundingBox expected) {
        assertThat(largest(rows)).isEqualTo(expected);
    }

    @Test
    void cornersConnect() {
        assertThat(largest(List.of("#..", ".#.", "..#"))).isEqualTo(new BoundingBox(0, 0, 3, 3));
        assertThat(largest(List.of("..#", ".#.", "#.."))).isEqualTo(new BoundingBox(0, 0, 3, 3));
    }

    @Test
    void aGapOfOnePixelSeparates() {
        assertThat(largest(List.of("##.###", "##.###"))).isEqualTo(new BoundingBox(3, 0, 6, 2));
        assertThat(largest(List.of("###", "...", "###", "###"))).isEqualTo(new BoundingBox(0, 2, 3, 4));
    }

    @Test
    void ofEqualRegionsTheFirstInReadingOrderWins() {
        assertThat(largest(List.of("....#", "#...#", "#...."))).isEqualTo(new BoundingBox(4, 0, 5, 2));
        assertThat(largest(List.of("#.#", "#.#"))).isEqualTo(new BoundingBox(0, 0, 1, 2));
    }

    @Test
    void largestMeansMostPixelsNotLargestBox() {
        assertThat(largest(List.of("#......#", "........", "..####..", "..####..")))
                .isEqualTo(new BoundingBox(2, 2, 6, 4));
        assertThat(largest(List.of("#..........", ".#.........", "..#........", "...#...####", "....#..####")))
                .isEqualTo(new BoundingBox(7, 3, 11, 5));
    }

    @Test
    void valuesAtTheThresholdStayOut() {
        float[] values = {0.5f, 0.5f, Math.nextUp(0.5f)};

        assertThat(components(0.5, values, 3, Connectivity.EIGHT).boxes().get(0))
                .isEqualTo(new BoundingBox(2, 0, 3, 1));
    }

    @Test
    void nothingAboveTheThresholdIsNoRegion() {
        assertThat(components(1, new float[6], 3, Connectivity.EIGHT).boxes()).isEmpty();
    }

    @Test
    void aSnakeThroughMillionsOfPixelsIsOneRegion() {
        int width = 2001;
        int height = 2001;
        float[] values = new float[width * height];
        for (int y = 0; y < height; y++) {
            if (y % 2 == 0) {
                Arrays.fill(values, y * width, (y + 1) * width, 1);
            } else {
                values[y * width + (y % 4 == 1 ? width - 1 : 0)] = 1;
            }
        }

        assertThat(components(0, values, width, Connectivity.EIGHT).boxes().get(0))
                .isEqualTo(new BoundingBox(0, 0, width, height));
    }

    @Test
    void cornersDoNotConnectFourNeighbours() {
        float[] values = {1, 0, 0, 1, 1, 0, 0, 0, 1};

        assertThat(components(0.5, values, 3, Connectivity.FOUR).boxes())
                .containsExactly(new BoundingBox(0, 0, 2, 2), new BoundingBox(2, 2, 3, 3));
        assertThat(components(0.5, values, 3, Connectivity.EIGHT).boxes()).containsExactly(new BoundingBox(0, 0, 3, 3));
    }

    @Test
    void allRegionsComeLargestFirst() {
        float[] values = {
            1, 0, 1, 1,
            0, 0, 1, 1,
            1, 0, 0, 0,
            1, 0, 1, 0
        };

        assertThat(components(0.5, values, 4, Connectivity.EIGHT).boxes())
                .containsExactly(
                        new BoundingBox(2, 0, 4, 2),
                        new BoundingBox(0, 2, 1, 4),
                        new BoundingBox(0, 0, 1, 1),
                        new BoundingBox(2, 3, 3, 4));
    }

    @Property
    void aMaskIsItsLargestRegion(@ForAll @Size(60) boolean[] pixels) {
        float[] values = new float[60];
        int set = 0;
        for (int i = 0; i < 60; i++) {
            values[i] = pixels[i] ? 1 : 0;
            set += pixels[i] ? 1 : 0;
        }
        for (Connectivity connectivity : Connectivity.values()) {
            ConnectedComponents components = components(0, values, 10, connectivity);
            List<Region> regions = components.regions();
            assertThat(regions.stream().mapToLong(Region::area).sum()).isEqualTo(set);
            Mask mask = components.largestMask();
            assertThat(mask.box()).isEqualTo(regions.stream().map(Region::box).findFirst());
            assertThat(mask.area())
                    .isEqualTo(
                            regions.stream().mapToLong(Region::area).findFirst().orElse(0));
        }
    }

    @Property
    void agreesWithAFloodFill(@ForAll @Size(96) boolean[] mask, @ForAll @IntRange(min = 1, max = 5) int shape) {
        int width = new int[] {4, 8, 12, 16, 96}[shape - 1];
        float[] values = new float[mask.length];
        for (int i = 0; i < mask.length; i++) {
            values[i] = mask[i] ? 1 : 0;
        }
        for (Connectivity connectivity : Connectivity.values()) {
            assertThat(components(0, values, width, connectivity).regions())
                    .isEqualTo(FloodFill.above(0, values, width, connectivity));
        }
    }

    /** The regions of a map with a cell for each pixel. */
    private static ConnectedComponents components(
            double threshold, float[] values, int width, Connectivity connectivity) {
        int height = values.length / width;
        ActivationMap map = new ActivationMap(
                new Prediction(0, "panda", 0, 1), height, width, values, Geometry.squash(width, height, width, height));
        return ConnectedComponents.above(threshold, map.interpolated(), connectivity);
    }

    private static BoundingBox largest(List<String> rows) {
        int width = rows.get(0).length();
        float[] values = new float[width * rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.get(i / width).charAt(i % width) == '#' ? 1 : 0;
        }
        return components(0.5, values, width, Connectivity.EIGHT).boxes().get(0);
    }

    static Stream<Arguments> scipyMasks() {
        List<String> lines = Fixtures.lines("components.txt");
        Stream.Builder<Arguments> masks = Stream.builder();
        for (int line = 0; line < lines.size(); ) {
            int[] numbers = Fixtures.integers(lines.get(line), 7);
            List<String> rows = lines.subList(line + 1, line + 1 + numbers[0]);
            masks.add(Arguments.of(rows, new BoundingBox(numbers[2], numbers[3], numbers[4], numbers[5])));
            line += 1 + numbers[0];
        }
        return masks.build();
    }
}
