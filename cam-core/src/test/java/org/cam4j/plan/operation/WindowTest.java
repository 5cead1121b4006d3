package org.cam4j.plan.operation;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WindowTest {

    @Property
    void aPlainWindowIsThatOfItsSizeWhateverItsPadding(
            @ForAll @IntRange(min = 1, max = 3) int height,
            @ForAll @IntRange(min = 1, max = 3) int width,
            @ForAll @IntRange(min = 1, max = 2) int strideY,
            @ForAll @IntRange(min = 1, max = 2) int strideX,
            @ForAll @IntRange(min = 1, max = 2) int dilationY,
            @ForAll @IntRange(min = 1, max = 2) int dilationX,
            @ForAll @IntRange(min = 0, max = 2) int padding) {
        Window window = new Window(
                height, width, strideY, strideX, dilationY, dilationX, new Padding(padding, 0, padding, padding));

        assertThat(window.isPlain(3, 2))
                .isEqualTo(window.withPadding(Padding.NONE).equals(Window.of(3, 2)));
        assertThat(window.isPlain(height, width))
                .isEqualTo(window.withPadding(Padding.NONE).equals(Window.of(height, width)));
    }
}
