package org.cam4j.localization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaskTest {

    @Test
    void boxesMakeAMaskAndOverlapsCountOnce() {
        Mask mask = Mask.of(10, 5, List.of(new BoundingBox(1, 1, 4, 3), new BoundingBox(3, 2, 20, 4)));

        assertThat(mask.area()).isEqualTo(6 + 14 - 1);
        assertThat(mask.contains(9, 3)).isTrue();
        assertThat(mask.contains(1, 3)).isFalse();
        assertThat(mask.box()).contains(new BoundingBox(1, 1, 10, 4));
    }

    @Test
    void agreementIsInBothOverInEither() {
        Mask one = Mask.of(6, 1, List.of(new BoundingBox(0, 0, 4, 1)));
        Mask other = Mask.of(6, 1, List.of(new BoundingBox(2, 0, 6, 1)));
        Mask none = Mask.of(6, 1, List.of());

        assertThat(one.intersectionArea(other)).isEqualTo(2);
        assertThat(one.intersectionOverUnion(other)).isEqualTo(2 / 6.0);
        assertThat(one.intersectionOverUnion(one)).isEqualTo(1);
        assertThat(none.intersectionOverUnion(none)).isZero();
        assertThat(none.box()).isEmpty();
    }

    @Test
    void wrongSizesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Mask(2, 2, new boolean[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mask(2, 1, new boolean[2]).intersectionArea(new Mask(1, 2, new boolean[2])))
                .withMessageContaining("not of one photo");
    }
}
