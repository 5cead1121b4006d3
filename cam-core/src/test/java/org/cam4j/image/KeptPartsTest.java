package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cam4j.exception.PhotoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of a photo while its rows are decoded has the values of the whole photo. */
class KeptPartsTest {

    /** Large enough not to be kept whole, and odd, so that blocks and subsampled colours end within the photo. */
    private static final int WIDTH = 1901;

    private static final int HEIGHT = 1103;

    private static final PhotoReader WHOLE = PhotoReader.standard();

    @Property(tries = 400)
    void partsAreThoseOfTheWholePhotoHoweverItLies(
            @ForAll @IntRange(min = 1, max = 8) int exif,
            @ForAll @IntRange(min = 2, max = 40) int width,
            @ForAll @IntRange(min = 2, max = 40) int height,
            @ForAll @IntRange(min = 1, max = 39) int side,
            @ForAll boolean isNearest,
            @ForAll Fit fit,
            @ForAll long seed) {
        BufferedImage lying = RgbBytes.image(new byte[3 * width * height], width, height);
        byte[] bytes = ((DataBufferByte) lying.getRaster().getDataBuffer()).getData();
        new Random(seed).nextBytes(bytes);
        DecodedPhoto whole = DecodedPhoto.ofBytes(lying, exif).orElseThrow();
        ImagePreparation preparation = preparation(
                isNearest ? Interpolation.NEAREST : Interpolation.BILINEAR,
                fit == Fit.EXACT_CENTER_CROP ? Fit.CENTER_CROP : fit);
        int longest = Math.max(width, height);
        Optional<KeptParts> made =
                KeptParts.of(width, height, exif, new PhotoUse(preparation, List.of(Math.min(side, longest - 1))));

        KeptParts parts = made.orElseThrow();
        for (int y = 0; y < height; y++) {
            assertThat(parts.isComplete()).isFalse();
            parts.takeRow(Arrays.copyOfRange(bytes, 3 * y * width, 3 * (y + 1) * width));
        }
        assertThat(parts.isComplete()).isTrue();
        DecodedPhoto kept = DecodedPhoto.of(parts, () -> {
            throw new AssertionError("decoded once more");
        });

        assertThat(kept.width()).isEqualTo(whole.width());
        assertThat(kept.height()).isEqualTo(whole.height());
        assertThat(preparation.prepare(kept).values())
                .isEqualTo(preparation.prepare(whole).values());
        assertThat(Pictures.pixels(kept.fitted(Math.min(side, longest - 1))))
                .isEqualTo(Pictures.pixels(whole.fitted(Math.min(side, longest - 1))));
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 6", "true, 3"})
    void largeJpegsGiveTheSameInputAndTheSamePictures(boolean isProgressive, int exif) throws IOException {
        byte[] jpeg = turned(jpeg(photo(), isProgressive), exif);
        ImagePreparation preparation = preparation(Interpolation.BILINEAR, Fit.SQUASH);

        DecodedPhoto whole = WHOLE.decode(jpeg, "whole");
        DecodedPhoto kept = WHOLE.keepingOnly(preparation, List.of(640, 333)).decode(jpeg, "kept");

        assertThat(preparation.prepare(kept).values())
                .isEqualTo(preparation.prepare(whole).values());
        for (int side : new int[] {640, 333}) {
            assertThat(Pictures.pixels(kept.fitted(side))).isEqualTo(Pictures.pixels(whole.fitted(side)));
        }
    }

    @Test
    void theWholePhotoIsNotDecodedForWhatIsKept() throws IOException {
        byte[] jpeg = jpeg(photo(), false);
        ImagePreparation preparation = preparation(Interpolation.BILINEAR, Fit.SQUASH);
        KeptParts parts;
        try (EncodedPicture picture = EncodedPicture.open(jpeg).orElseThrow()) {
            parts = picture.decodeParts(new PhotoUse(preparation, List.of(640))).orElseThrow();
        }
        DecodedPhoto kept = DecodedPhoto.of(parts, () -> {
            throw new AssertionError("decoded once more");
        });

        assertThat(preparation.prepare(kept).values()).hasSize(9 * 7 * 3);
        assertThat(kept.fitted(640).getWidth()).isEqualTo(640);
    }

    @Test
    void whateverElseIsAskedForIsDecodedOnceMore() throws IOException {
        byte[] jpeg = turned(jpeg(photo(), false), 8);
        byte[] reused = jpeg.clone();
        DecodedPhoto whole = WHOLE.decode(jpeg, "whole");
        ImagePreparation other = preparation(Interpolation.LANCZOS, Fit.CENTER_CROP);

        DecodedPhoto kept = WHOLE.keepingOnly(preparation(Interpolation.BILINEAR, Fit.SQUASH), List.of(640))
                .decode(reused, "kept");
        Arrays.fill(reused, (byte) 0);

        assertThat(Pictures.pixels(kept.fitted(500))).isEqualTo(Pictures.pixels(whole.fitted(500)));
        assertThat(other.prepare(kept).values()).isEqualTo(other.prepare(whole).values());
        assertThat(Pictures.pixels(kept.image())).isEqualTo(Pictures.pixels(whole.image()));
        assertThat(kept.image()).isSameAs(kept.image());
    }

    @Test
    void drawingOnAPictureChangesNoOther() throws IOException {
        DecodedPhoto kept = WHOLE.keepingOnly(preparation(Interpolation.BILINEAR, Fit.SQUASH), List.of(640))
                .decode(jpeg(photo(), false), "kept");
        int[] before = Pictures.pixels(kept.fitted(640));

        kept.fitted(640).setRGB(0, 0, 0x123456);

        assertThat(Pictures.pixels(kept.fitted(640))).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = Interpolation.class,
            names = {"LANCZOS", "BICUBIC", "SMOOTH_BILINEAR"})
    void photosOfWhichAllPixelsAreReadAreKeptWhole(Interpolation interpolation) throws IOException {
        byte[] jpeg = jpeg(photo(), false);
        ImagePreparation preparation = preparation(interpolation, Fit.SQUASH);

        assertThat(decodedParts(jpeg, preparation, 640)).isEmpty();
        assertThat(preparation
                        .prepare(WHOLE.keepingOnly(preparation, List.of()).decode(jpeg, "kept"))
                        .values())
                .isEqualTo(preparation.prepare(WHOLE.decode(jpeg, "whole")).values());
    }

    @Test
    void smallPhotosOtherFormatsAndLargerPicturesAreKeptWhole() throws IOException {
        ImagePreparation preparation = preparation(Interpolation.BILINEAR, Fit.SQUASH);
        BufferedImage grey = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);

        assertThat(decodedParts(jpeg(photo().getSubimage(0, 0, 1900, 1052), false), preparation, 640))
                .isEmpty();
        assertThat(decodedParts(jpeg(grey, false), preparation, 640)).isEmpty();
        assertThat(decodedParts(written(photo(), "png"), preparation, 640)).isEmpty();
        assertThat(decodedParts(jpeg(photo(), false), preparation, WIDTH)).isEmpty();
        assertThat(decodedParts(jpeg(photo(), false), preparation, WIDTH - 1)).isPresent();
    }

    @Test
    void damagedPhotosAreRefusedAsEver() throws IOException {
        byte[] jpeg = jpeg(photo(), false);
        byte[] half = Arrays.copyOf(jpeg, jpeg.length / 2);
        PhotoReader keeping = WHOLE.keepingOnly(preparation(Interpolation.BILINEAR, Fit.SQUASH), List.of(640));

        assertThatThrownBy(() -> keeping.decode(half, "half.jpg"))
                .isInstanceOf(PhotoException.class)
                .hasMessage(refusal(half, "half.jpg"));
    }

    private static String refusal(byte[] damaged, String name) {
        try {
            WHOLE.decode(damaged, name);
            throw new AssertionError("read");
        } catch (PhotoException e) {
            return e.getMessage();
        }
    }

    private static Optional<KeptParts> decodedParts(byte[] encoded, ImagePreparation preparation, int side)
            throws IOException {
        try (EncodedPicture picture = EncodedPicture.open(encoded).orElseThrow()) {
            return picture.decodeParts(new PhotoUse(preparation, List.of(side)));
        }
    }

    private static ImagePreparation preparation(Interpolation interpolation, Fit fit) {
        return new ImagePreparation(9, 7, 3, Preprocessing.NONE, interpolation, fit);
    }

    /** Waves and noise. */
    private static BufferedImage photo() {
        Random random = new Random(5);
        BufferedImage photo = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int wave = (int) (100 + 90 * Math.sin(x / 37.0) * Math.cos(y / 23.0));
                photo.setRGB(x, y, wave << 16 | (wave + random.nextInt(50)) << 8 | (255 - wave));
            }
        }
        return photo;
    }

    private static byte[] written(BufferedImage photo, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(photo, format, bytes);
        return bytes.toByteArray();
    }

    private static byte[] jpeg(BufferedImage photo, boolean isProgressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(isProgressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        writer.setOutput(ImageIO.createImageOutputStream(bytes));
        writer.write(null, new IIOImage(photo, null, null), param);
        ((ImageOutputStream) writer.getOutput()).close();
        writer.dispose();
        return bytes.toByteArray();
    }

    /** Puts an EXIF block with the orientation behind the first marker. */
    private static byte[] turned(byte[] jpeg, int exif) {
        byte[] block = ByteBuffer.allocate(36)
                .putShort((short) 0xffe1)
                .putShort((short) 34)
                .put(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42})
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) exif)
                .putShort((short) 0)
                .putInt(0)
                .array();
        return ByteBuffer.allocate(jpeg.length + block.length)
                .put(jpeg, 0, 2)
                .put(block)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }
}
