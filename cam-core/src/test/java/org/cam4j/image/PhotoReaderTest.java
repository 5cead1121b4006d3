package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.cam4j.exception.PhotoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading against Pillow; src/test/python/image_photos.py writes the pictures and what Pillow makes of each. */
class PhotoReaderTest {

    private final PhotoReader reader = PhotoReader.standard();

    static Stream<String> pictures() {
        return Pictures.names().stream();
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void pictureIsWhatPillowMakesOfIt(String name) {
        BufferedImage photo = reader.read(Pictures.encoded(name));
        BufferedImage expected = Pictures.expected(name);

        assertThat(photo.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        assertThat(photo.getWidth()).isEqualTo(expected.getWidth());
        assertThat(photo.getHeight()).isEqualTo(expected.getHeight());
        int[] differences = Pictures.differences(photo, expected);
        // JPEG's transform is a matter of rounding.
        int most = name.endsWith(".jpg") || name.equals("jpeg.tif") ? 3 : 0;
        assertThat(Arrays.stream(differences).max().orElseThrow()).isLessThanOrEqualTo(most);
        assertThat(Arrays.stream(differences).average().orElseThrow()).isLessThan(1);
    }

    @Test
    void pathStreamAndBytesGiveTheSamePhoto(@TempDir Path folder) throws IOException {
        byte[] encoded = Pictures.encoded("orientation6.jpg");
        Path file = Files.write(folder.resolve("photo with spaces.jpg"), encoded);
        int[] expected = Pictures.pixels(reader.read(encoded));

        assertThat(Pictures.pixels(reader.read(file))).isEqualTo(expected);
        try (InputStream in = Files.newInputStream(file)) {
            assertThat(Pictures.pixels(reader.read(in))).isEqualTo(expected);
        }
    }

    @Test
    void formatIsFoundInTheBytesWhateverTheName(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("photo.jpg"), Pictures.encoded("colour.png"));

        assertThat(Pictures.pixels(reader.read(file))).isEqualTo(Pictures.pixels(Pictures.expected("colour.png")));
    }

    @Test
    void readingChangesNothingForTheRestOfTheApplication() {
        boolean cache = ImageIO.getUseCache();

        assertThat(reader.read(Pictures.encoded("colour.tif")).getWidth()).isEqualTo(23);

        assertThat(ImageIO.getUseCache()).isEqualTo(cache);
    }

    @Test
    void missingFilesDirectoriesAndEmptyFilesAreRefusedByName(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.jpg");
        Path empty = Files.createFile(folder.resolve("empty.jpg"));

        assertThatThrownBy(() -> reader.read(missing))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("missing.jpg' does not exist");
        assertThatThrownBy(() -> reader.read(folder))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("is a directory");
        assertThatThrownBy(() -> reader.read(empty))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("empty.jpg' is empty");
        assertThatThrownBy(() -> reader.read(new byte[0])).isInstanceOf(PhotoException.class);
    }

    @Test
    void whatIsNoPictureIsRefusedWithTheFormatsThatAre() {
        byte[] text = "a photo of a giant panda".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> reader.read(text))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("JPEG, PNG, WebP, GIF, BMP or TIFF");
    }

    @Test
    void aStreamThatFailsIsRefused() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();

        assertThatThrownBy(() -> reader.read(closed))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("Stream closed")
                .hasCauseInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "float.tif, floating-point or signed samples",
        "integers.tif, samples of 32 bits",
        "lab.tif, as CIE L*a*b*",
        "zstd.tif, of a kind that its decoder does not know"
    })
    void pixelsWithoutAMeaningAsGreyOrRgbAreRefusedByName(String name, String reason, @TempDir Path folder)
            throws IOException {
        Path file = Files.write(folder.resolve(name), Pictures.encoded(name));

        assertThatThrownBy(() -> reader.read(file))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining(name + "' ")
                .hasMessageContaining(reason)
                .hasMessageContaining("save it");
    }

    @Test
    void anImageOfTheApplicationWithFloatingPointSamplesIsRefused() {
        ColorModel floats = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, Transparency.OPAQUE, DataBuffer.TYPE_FLOAT);
        BufferedImage image = new BufferedImage(floats, floats.createCompatibleWritableRaster(3, 2), false, null);

        assertThatThrownBy(() -> PhotoReader.toRgb(image))
                .isInstanceOf(PhotoException.class)
                .hasMessageStartingWith("the image holds floating-point")
                .hasMessageContaining("8 or 16 bits");
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void aPictureCutShortIsRefusedOrWhole(String name) {
        byte[] encoded = Pictures.encoded(name);
        int[] whole = Pictures.pixels(reader.read(encoded));
        // A tag after the pixels may go missing, and with it the orientation.
        boolean tagLast = name.equals("orientation6.png");
        for (int length = 1; length < encoded.length - (tagLast ? 24 : 0); length += 7) {
            byte[] cut = Arrays.copyOf(encoded, length);
            Throwable refusal = catchThrowable(
                    () -> assertThat(Pictures.pixels(reader.read(cut))).isEqualTo(whole));
            if (refusal != null) {
                assertThat(refusal).as("%d bytes", length).isInstanceOf(PhotoException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"colour.png", "colour444.jpg", "colour420.jpg", "lossless.webp", "lossy.webp", "colour.bmp"})
    void halfAPictureIsRefused(String name) {
        byte[] encoded = Pictures.encoded(name);

        assertThatThrownBy(() -> reader.read(Arrays.copyOf(encoded, encoded.length * 4 / 5)))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("damaged or cut short");
    }

    @Test
    void filesOfAFewBytesAreNoPictures() {
        for (String text : List.of("x", "no photo", "seven b")) {
            assertThatThrownBy(() -> PhotoReader.standard().read(text.getBytes(StandardCharsets.US_ASCII)))
                    .isInstanceOf(PhotoException.class)
                    .hasMessageContaining("is not a picture in a known format");
        }
    }

    @Test
    void damagedPicturesGiveAPictureOrARefusal() {
        Random random = new Random(20);
        String[] names = pictures().toArray(String[]::new);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            String name = names[round % names.length];
            byte[] damaged = Pictures.encoded(name);
            for (int i = 0; i <= random.nextInt(8); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Throwable thrown = catchThrowable(() -> assertThat(
                            reader.withMaxPixels(1_000_000).read(damaged).getWidth())
                    .isPositive());
            if (thrown != null) {
                assertThat(thrown).as("%s, round %d", name, round).isInstanceOf(PhotoException.class);
                refused++;
            }
        }
        assertThat(refused).isBetween(50, 250);
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile.jpg", "profile.webp"})
    void aProfileThatClaimsGigabytesIsNotBelieved(String name) {
        byte[] encoded = Pictures.encoded(name);
        // A profile has its size in its first four bytes and this signature at 36.
        int profile = new String(encoded, StandardCharsets.ISO_8859_1).indexOf("acsp") - 36;
        ByteBuffer.wrap(encoded).putInt(profile, Integer.MAX_VALUE - 8);

        assertThat(Pictures.pixels(reader.read(encoded)))
                .isEqualTo(Pictures.pixels(reader.read(Pictures.encoded(name))));
    }

    @Test
    void aPictureOfTooManyPixelsIsRefusedBeforeItIsDecoded() {
        assertThatThrownBy(() -> reader.read(enlarged("colour.png", 16, 60000)))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("60000x60000 = 3600000000 pixels, more than the 100000000 allowed")
                .hasMessageContaining("withMaxPixels");
        assertThatThrownBy(() -> reader.read(jpegOf60000()))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("60000x60000");
    }

    /** A PNG whose header claims another size. */
    private static byte[] enlarged(String png, int at, int size) {
        ByteBuffer encoded = ByteBuffer.wrap(Pictures.encoded(png));
        encoded.putInt(at, size).putInt(at + 4, size);
        CRC32 crc = new CRC32();
        crc.update(encoded.array(), 12, 17);
        encoded.putInt(29, (int) crc.getValue());
        return encoded.array();
    }

    private static byte[] jpegOf60000() {
        byte[] encoded = Pictures.encoded("colour444.jpg");
        for (int i = 2; i < encoded.length; i++) {
            if ((encoded[i] & 0xff) == 0xff && (encoded[i + 1] & 0xff) == 0xc0) {
                ByteBuffer.wrap(encoded).putShort(i + 5, (short) 60000).putShort(i + 7, (short) 60000);
                return encoded;
            }
        }
        throw new AssertionError("no start of frame");
    }

    @Test
    void theLimitIsTheCallers() {
        byte[] encoded = Pictures.encoded("colour.png");

        assertThat(reader.withMaxPixels(23 * 17).read(encoded).getWidth()).isEqualTo(23);
        assertThatThrownBy(() -> reader.withMaxPixels(23 * 17 - 1).read(encoded))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("23x17 = 391 pixels");
        assertThatThrownBy(() -> reader.withMaxPixels(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStreamLongerThanAnyPictureAllowedIsNotReadToItsEnd() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return length;
            }
        };

        assertThatThrownBy(() -> reader.withMaxPixels(1000).read(endless))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining("too many for a picture of 1000 pixels");
    }

    @Test
    void imagesOfTheApplicationGetTheSameTreatment() throws IOException {
        BufferedImage rgb = Pictures.expected("colour.png");
        assertThat(PhotoReader.toRgb(rgb)).isSameAs(rgb);
        for (String name : new String[] {"alpha.png", "grey.png", "palette-alpha.png", "grey16.png", "colour16.png"}) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(Pictures.encoded(name)));
            assertThat(Pictures.pixels(PhotoReader.toRgb(image)))
                    .as(name)
                    .isEqualTo(Pictures.pixels(Pictures.expected(name)));
        }
    }
}
