package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Area averages beside sums over every photo pixel, in whole numbers. */
class AreaAverageTest {

    @Property(tries = 300)
    void everyPixelIsTheRoundedMeanOfWhatItCovers(
            @ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height,
            @ForAll @IntRange(min = 1, max = 60) int smallWidth,
            @ForAll @IntRange(min = 1, max = 60) int smallHeight,
            @ForAll long seed) {
        check(width, height, Math.min(width, smallWidth), Math.min(height, smallHeight), seed);
    }

    /** The widest whose sums are weighed three at a time, one more, and panoramas. */
    @ParameterizedTest
    @CsvSource({"8224, 1600", "8224, 1", "8225, 1600", "8225, 1", "8225, 8225", "30011, 1280", "30011, 2", "30011, 1"})
    void photosOfAnyWidthAreExact(int width, int small) {
        check(width, 3, small, 2, width);
    }

    private static void check(int width, int height, int smallWidth, int smallHeight, long seed) {
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        // Mostly white: the largest sums.
        boolean isWhite = random.nextBoolean();
        int[] pixels = Pictures.pixels(photo);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = isWhite && random.nextInt(50) > 0 ? 0xffffff : random.nextInt(1 << 24);
        }
        photo.setRGB(0, 0, width, height, pixels, 0, width);

        int[] small = Pictures.pixels(DecodedPhoto.of(photo).shrunk(smallWidth, smallHeight));

        for (int y = 0; y < smallHeight; y++) {
            for (int x = 0; x < smallWidth; x++) {
                assertThat(small[y * smallWidth + x] & 0xffffff)
                        .as("%d, %d", x, y)
                        .isEqualTo(mean(pixels, width, height, smallWidth, smallHeight, x, y));
            }
        }
    }

    private static int mean(int[] pixels, int width, int height, int smallWidth, int smallHeight, int x, int y) {
        long[] sums = new long[3];
        for (int row = y * height / smallHeight; row < height && row * smallHeight < (y + 1) * height; row++) {
            for (int column = x * width / smallWidth;
                    column < width && column * smallWidth < (x + 1) * width;
                    column++) {
                long share = shared(row, smallHeight, y, height) * shared(column, smallWidth, x, width);
                int pixel = pixels[row * width + column];
                sums[0] += share * (pixel >> 16 & 0xff);
                sums[1] += share * (pixel >> 8 & 0xff);
                sums[2] += share * (pixel & 0xff);
            }
        }
        long whole = (long) width * height;
        int rgb = 0;
        for (long sum : sums) {
            rgb = rgb << 8 | (int) ((2 * sum + whole) / (2 * whole));
        }
        return rgb;
    }

    /** How much photo pixel {@code i}, {@code small} units long, and pixel {@code of} of the result, {@code full} units long, have in common. */
    private static long shared(int i, int small, int of, int full) {
        return Math.min((i + 1L) * small, (of + 1L) * full) - Math.max((long) i * small, (long) of * full);
    }
}
