package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.cam4j.engine.PixelBatch;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Photos as bytes for devices, against the floats of {@link ImagePreparation#prepare}. */
class SampledBytesTest {

    private static final int[][] PHOTOS = {{61, 43}, {7, 90}, {24, 20}, {5, 3}, {1, 1}, {200, 33}};

    private static DecodedPhoto photo(int width, int height) {
        Random random = new Random(width * 1000L + height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return DecodedPhoto.of(image);
    }

    private static Stream<Arguments> recipes() {
        return Stream.of(Interpolation.values()).flatMap(interpolation -> Stream.of(Fit.values())
                .filter(fit -> fit != Fit.EXACT_CENTER_CROP || interpolation.isPillows())
                .map(fit -> Arguments.of(interpolation, fit)));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void valuesHaveTheBitsOfThoseThatArePreparedAsFloats(Interpolation interpolation, Fit fit) {
        for (Preprocessing preprocessing :
                List.of(Preprocessing.TORCH, Preprocessing.CAFFE, Preprocessing.TF, Preprocessing.UNIT.grey())) {
            int channels = preprocessing.order().channels();
            ImagePreparation preparation = new ImagePreparation(20, 24, channels, preprocessing, interpolation, fit);
            for (int[] size : PHOTOS) {
                DecodedPhoto photo = photo(size[0], size[1]);

                PixelBatch pixels = preparation.pixels(photo).orElseThrow();

                ImageInput expected = preparation.prepare(photo);
                assertThat(pixels.numbers())
                        .as("%s of %sx%s", preprocessing, size[0], size[1])
                        .containsExactly(expected.values());
                assertThat(pixels.shape()).isEqualTo(new Shape(20, 24, channels));
                assertThat(preparation.geometry(size[0], size[1])).isEqualTo(expected.geometry());
            }
        }
    }

    @Test
    void aShorterSideThatIsResizedFirstGivesTheSameBits() {
        ImagePreparation preparation = new ImagePreparation(
                20, 20, 3, Preprocessing.TORCH, Interpolation.SMOOTH_BILINEAR, Fit.CENTER_CROP, 23);
        DecodedPhoto photo = photo(61, 43);

        assertThat(preparation.pixels(photo).orElseThrow().numbers())
                .containsExactly(preparation.prepare(photo).values());
    }

    @ParameterizedTest
    @EnumSource(names = {"NEAREST", "BILINEAR", "LANCZOS"})
    void aPhotoTakesAQuarterOfTheBytesOrAsManyAsItsTapsNeed(Interpolation interpolation) {
        ImagePreparation preparation = new ImagePreparation(20, 24, 3, Preprocessing.TORCH, interpolation, Fit.SQUASH);

        int bytes = preparation
                .pixels(photo(211, 163))
                .orElseThrow()
                .images()
                .get(0)
                .pixels()
                .length;

        int values = 20 * 24 * 3;
        assertThat(bytes).isEqualTo(interpolation == Interpolation.BILINEAR ? 4 * values : values);
    }

    @Test
    void preprocessingThatIsNotFiniteHasNoBytes() {
        ImagePreparation preparation =
                new ImagePreparation(4, 4, 3, Preprocessing.of(1e38, 0), Interpolation.NEAREST, Fit.SQUASH);

        assertThat(preparation.pixels(photo(5, 3))).isEmpty();
    }
}
