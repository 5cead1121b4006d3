package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundingBoxTest {

    @Test
    void endsAreExclusive() {
        BoundingBox box = new BoundingBox(2, 3, 6, 5);

        assertThat(box.width()).isEqualTo(4);
        assertThat(box.height()).isEqualTo(2);
        assertThat(box.area()).isEqualTo(8);
        assertThat(box.contains(2, 3)).isTrue();
        assertThat(box.contains(5, 4)).isTrue();
        assertThat(box.contains(6, 4)).isFalse();
        assertThat(box.contains(5, 5)).isFalse();
        assertThat(box).hasToString("[2, 6) x [3, 5)");
    }

    @Test
    void cornerAndSizeMakeTheSameBox() {
        assertThat(BoundingBox.ofSize(2, 3, 4, 2)).isEqualTo(new BoundingBox(2, 3, 6, 5));
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 3, 1", "0, 4, 1, 4", "5, 0, 2, 1", "0, 1, 1, 0"})
    void emptyBoxIsRefused(int x0, int y0, int x1, int y1) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoundingBox(x0, y0, x1, y1))
                .withMessageContaining("is empty")
                .withMessageContaining("x0 < x1");
    }

    @Test
    void sidesLargerThanAnIntAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoundingBox(Integer.MIN_VALUE, 0, 1, 1))
                .withMessageContaining("larger than any photo");
    }

    @Test
    void areaAndUnionOfTheLargestBoxesDoNotOverflow() {
        BoundingBox largest = new BoundingBox(0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        BoundingBox apart = new BoundingBox(-Integer.MAX_VALUE, -Integer.MAX_VALUE, 0, 0);

        assertThat(largest.area()).isEqualTo((long) Integer.MAX_VALUE * Integer.MAX_VALUE);
        assertThat(largest.intersectionOverUnion(largest)).isEqualTo(1);
        assertThat(largest.intersectionOverUnion(apart)).isZero();
    }

    @Test
    void intersectionOverUnionCountsPixels() {
        // 4x4 and 4x4, shifted by 2 and 1: 2x3 in common, 16 + 16 - 6 in either.
        assertThat(new BoundingBox(0, 0, 4, 4).intersectionOverUnion(new BoundingBox(2, 1, 6, 5)))
                .isCloseTo(6 / 26.0, within(1e-15));
    }

    @Test
    void neighboursHaveNothingInCommon() {
        BoundingBox box = new BoundingBox(0, 0, 4, 4);

        assertThat(box.intersection(new BoundingBox(4, 0, 8, 4))).isEmpty();
        assertThat(box.intersectionArea(new BoundingBox(0, 4, 4, 8))).isZero();
        assertThat(box.intersectionOverUnion(new BoundingBox(4, 4, 8, 8))).isZero();
    }

    @Test
    void clippingCutsAtThePhotosEdges() {
        assertThat(new BoundingBox(-3, -2, 700, 20).clip(640, 426)).contains(new BoundingBox(0, 0, 640, 20));
        assertThat(new BoundingBox(10, 20, 30, 40).clip(640, 426)).contains(new BoundingBox(10, 20, 30, 40));
        assertThat(new BoundingBox(640, 0, 650, 10).clip(640, 426)).isEmpty();
    }

    @Property
    void intersectionOverUnionIsSymmetricAndBetweenZeroAndOne(
            @ForAll("boxes") BoundingBox one, @ForAll("boxes") BoundingBox other) {
        double iou = one.intersectionOverUnion(other);

        assertThat(iou).isBetween(0.0, 1.0).isEqualTo(other.intersectionOverUnion(one));
    }

    @Property
    void intersectionOverUnionIsOneForEqualBoxesOnly(
            @ForAll("boxes") BoundingBox one, @ForAll("boxes") BoundingBox other) {
        assertThat(one.intersectionOverUnion(one)).isEqualTo(1);
        assertThat(one.intersectionOverUnion(other) == 1).isEqualTo(one.equals(other));
    }

    @Property
    void intersectionHoldsExactlyThePixelsInBoth(@ForAll("boxes") BoundingBox one, @ForAll("boxes") BoundingBox other) {
        long common = 0;
        for (int y = one.y0(); y < one.y1(); y++) {
            for (int x = one.x0(); x < one.x1(); x++) {
                if (other.contains(x, y)) {
                    common++;
                    assertThat(one.intersection(other).orElseThrow().contains(x, y))
                            .isTrue();
                }
            }
        }
        assertThat(one.intersectionArea(other)).isEqualTo(common);
    }

    @Property
    void intersectionLiesInBoth(@ForAll("boxes") BoundingBox one, @ForAll("boxes") BoundingBox other) {
        one.intersection(other).ifPresent(common -> {
            assertThat(one.contains(common)).isTrue();
            assertThat(other.contains(common)).isTrue();
        });
    }

    @Provide
    Arbitrary<BoundingBox> boxes() {
        Arbitrary<Integer> corner = Arbitraries.integers().between(-8, 8);
        Arbitrary<Integer> side = Arbitraries.integers().between(1, 9);
        return Combinators.combine(corner, corner, side, side).as(BoundingBox::ofSize);
    }

    @Test
    void ilsvrcCountsTheLastPixelToo() {
        // Inclusive corners (0, 0, 9, 9) and (5, 5, 14, 14): 10x10 each, 5x5 in common.
        BoundingBox one = new BoundingBox(0, 0, 9, 9);
        BoundingBox other = new BoundingBox(5, 5, 14, 14);

        assertThat(one.inclusiveIntersectionOverUnion(other)).isEqualTo(25 / 175.0);
        assertThat(one.intersectionOverUnion(other)).isEqualTo(16 / 146.0);
    }

    @Test
    void unionIsTheSmallestBoxAroundBoth() {
        assertThat(new BoundingBox(2, 3, 6, 5).union(new BoundingBox(4, 0, 5, 9)))
                .isEqualTo(new BoundingBox(2, 0, 6, 9));
    }

    @Test
    void scalingRoundsToPixelsAndNeverVanishes() {
        assertThat(new BoundingBox(10, 20, 31, 40).scale(0.5, 2)).isEqualTo(new BoundingBox(5, 40, 16, 80));
        assertThat(new BoundingBox(10, 20, 11, 21).scale(0.01, 0.01)).isEqualTo(new BoundingBox(0, 0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new BoundingBox(0, 0, 1, 1).scale(0, 1));
    }

    @Test
    void aMarginGrowsWithTheBox() {
        assertThat(new BoundingBox(10, 10, 30, 20).withMargin(0.1)).isEqualTo(new BoundingBox(8, 9, 32, 21));
        assertThatIllegalArgumentException().isThrownBy(() -> new BoundingBox(0, 0, 1, 1).withMargin(-0.1));
    }
}
