package org.cam4j.render.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShrinkingTest {

    @Test
    void wholeRatiosGiveTheMeanOfTheirPixels() {
        BufferedImage picture =
                picture(4, 2, 0x000000, 0x102030, 0x00FF00, 0x00FF00, 0x202020, 0x304050, 0x00FF00, 0x00FF00);

        assertThat(Canvas.pixels(Shrinking.to(2, 1, picture))).containsExactly(0x182028, 0x00FF00);
    }

    @Test
    void pixelsOnABorderCountByTheirShare() {
        // 3 to 2: (0 + 90 / 2) / 1.5 and (90 / 2 + 255) / 1.5.
        assertThat(Canvas.pixels(Shrinking.to(2, 1, picture(3, 1, 0x000000, 0x5A5A5A, 0xFFFFFF))))
                .containsExactly(0x1E1E1E, 0xC8C8C8);
        assertThat(Canvas.pixels(Shrinking.to(1, 2, picture(1, 3, 0x000000, 0x5A5A5A, 0xFFFFFF))))
                .containsExactly(0x1E1E1E, 0xC8C8C8);
    }

    @Test
    void fineStripesTurnGrey() {
        BufferedImage stripes = new BufferedImage(90, 6, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 90 * 6; i += 2) {
            Canvas.pixels(stripes)[i] = 0xFFFFFF;
        }

        assertThat(Canvas.pixels(Shrinking.to(9, 3, stripes))).containsOnly(0x808080);
    }

    @Property
    void oneColourStaysAsItIs(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll @IntRange(min = 1, max = 40) int smallWidth,
            @ForAll @IntRange(min = 1, max = 40) int smallHeight,
            @ForAll @IntRange(max = 0xFFFFFF) int rgb) {
        BufferedImage small = Shrinking.to(
                Math.min(width, smallWidth),
                Math.min(height, smallHeight),
                Canvas.filled(width, height, new Color(rgb)));

        assertThat(Canvas.pixels(small)).containsOnly(rgb);
    }

    @Test
    void sameSizeIsTheSamePicture() {
        BufferedImage picture = picture(3, 2, 0x010203, 0xFFFFFF, 0x0, 0xABCDEF, 0x123456, 0x654321);

        assertThat(Canvas.pixels(Shrinking.to(3, 2, picture))).isEqualTo(Canvas.pixels(picture));
    }

    private static BufferedImage picture(int width, int height, int... pixels) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, width, height, pixels, 0, width);
        return picture;
    }
}
