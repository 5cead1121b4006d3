package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Photos in the decoder's bytes are those of the converted and turned image. */
class DecodedPhotoTest {

    private enum Kind {
        BGR,
        ALPHA_BGR,
        RGB,
        PART_OF_BGR,
        PACKED,
        PART_OF_PACKED,
        GREY;

        BufferedImage image(int width, int height, Random random) {
            BufferedImage image =
                    switch (this) {
                        case BGR -> new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
                        case ALPHA_BGR -> new BufferedImage(width, height, BufferedImage.TYPE_4BYTE_ABGR);
                        case RGB -> rgb(width, height);
                        case PART_OF_BGR ->
                            new BufferedImage(width + 3, height + 2, BufferedImage.TYPE_3BYTE_BGR)
                                    .getSubimage(2, 1, width, height);
                        case PACKED -> new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
                        case PART_OF_PACKED ->
                            new BufferedImage(width + 3, height + 2, BufferedImage.TYPE_INT_RGB)
                                    .getSubimage(2, 1, width, height);
                        case GREY -> new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
                    };
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    image.setRGB(x, y, random.nextInt());
                }
            }
            return image;
        }

        private static BufferedImage rgb(int width, int height) {
            return new BufferedImage(
                    new ComponentColorModel(
                            ColorSpace.getInstance(ColorSpace.CS_sRGB),
                            false,
                            false,
                            Transparency.OPAQUE,
                            DataBuffer.TYPE_BYTE),
                    Raster.createInterleavedRaster(
                            DataBuffer.TYPE_BYTE, width, height, width * 3, 3, new int[] {0, 1, 2}, null),
                    false,
                    null);
        }
    }

    @Property(tries = 300)
    void networksSeeTheSameInBytesAndInImages(
            @ForAll Kind kind,
            @ForAll Interpolation interpolation,
            @ForAll ChannelOrder order,
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll long seed) {
        BufferedImage image = kind.image(width, height, new Random(seed));
        ImagePreparation preparation = new ImagePreparation(
                9,
                7,
                order.channels(),
                new Preprocessing(
                        order,
                        Preprocessing.NONE.scale().subList(0, order.channels()),
                        Preprocessing.NONE.offset().subList(0, order.channels())),
                interpolation,
                Fit.SQUASH);
        BufferedImage converted = copyOf(PhotoReader.toRgb(image));

        assertThat(preparation.prepare(DecodedPhoto.of(image)).values())
                .isEqualTo(preparation.prepare(converted).values());
        assertThat(Pictures.pixels(DecodedPhoto.of(image).image())).isEqualTo(Pictures.pixels(converted));
    }

    @Property(tries = 200)
    void photosOnTheirSideAreReadUpright(
            @ForAll @IntRange(min = 1, max = 8) int exif,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll @IntRange(min = 1, max = 9) int height,
            @ForAll long seed) {
        for (Kind kind : new Kind[] {Kind.BGR, Kind.ALPHA_BGR, Kind.RGB, Kind.PART_OF_BGR}) {
            BufferedImage lying = kind.image(width, height, new Random(seed));
            BufferedImage turned = Orientation.upright(copyOf(PhotoReader.toRgb(lying)), exif);
            DecodedPhoto photo = DecodedPhoto.ofBytes(lying, exif).orElseThrow();

            assertThat(photo.width()).isEqualTo(turned.getWidth());
            assertThat(photo.height()).isEqualTo(turned.getHeight());
            assertThat(row(photo.pixels(), photo.height() - 1, photo.width()))
                    .isEqualTo(
                            turned.getRGB(0, turned.getHeight() - 1, turned.getWidth(), 1, null, 0, turned.getWidth()));
            assertThat(Pictures.pixels(photo.image())).isEqualTo(Pictures.pixels(turned));
        }
    }

    @Test
    void theImageIsMadeOnce() {
        DecodedPhoto photo = DecodedPhoto.of(Kind.BGR.image(4, 3, new Random(1)));

        assertThat(photo.image()).isSameAs(photo.image());
        BufferedImage own = Kind.PACKED.image(4, 3, new Random(1));
        assertThat(DecodedPhoto.of(own).image()).isSameAs(own);
    }

    /** With alpha, as {@code getRGB} has it. */
    private static int[] row(PixelSource pixels, int y, int width) {
        int[] row = new int[width];
        pixels.read(y, row, 0);
        for (int x = 0; x < width; x++) {
            row[x] |= 0xff << 24;
        }
        return row;
    }

    private static BufferedImage copyOf(BufferedImage rgb) {
        BufferedImage copy = new BufferedImage(rgb.getWidth(), rgb.getHeight(), BufferedImage.TYPE_INT_RGB);
        copy.setRGB(
                0,
                0,
                rgb.getWidth(),
                rgb.getHeight(),
                rgb.getRGB(0, 0, rgb.getWidth(), rgb.getHeight(), null, 0, rgb.getWidth()),
                0,
                rgb.getWidth());
        return copy;
    }
}
