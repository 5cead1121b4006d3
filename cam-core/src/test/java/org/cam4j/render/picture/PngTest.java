package org.cam4j.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngTest {

    private static final BufferedImage PICTURE = Canvas.filled(5, 3, new Color(0x336699));

    @TempDir
    private Path folder;

    @Test
    void foldersOnTheWayAreMadeAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("a/b/picture.png");

        Png.write(PICTURE, file);

        assertReadable(file);
        assertThat(names(file.getParent())).containsExactly("picture.png");
    }

    @Test
    void anExistingFileIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("picture.png"), "old");

        Png.write(PICTURE, file);

        assertReadable(file);
        assertThat(names(folder)).containsExactly("picture.png");
    }

    @Test
    void theLongestNameThatTheFileSystemTakesIsWritten() throws IOException {
        Path file = folder.resolve("p".repeat(200) + ".png");

        Png.write(PICTURE, file);

        assertReadable(file);
    }

    @Test
    void otherFileSystemsAreWritten() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("pictures.zip"), Map.of("create", "true"))) {
            Path file = zip.getPath("/gallery/picture.png");

            Png.write(PICTURE, file);

            assertThat(names(file.getParent())).containsExactly("picture.png");
        }
    }

    /** ImageIO's reader checks the chunks' CRC and the compressed data's checksum. */
    @Property(tries = 100)
    void everyPictureIsReadBackAsItIs(
            @ForAll @IntRange(min = 1, max = 300) int width,
            @ForAll @IntRange(min = 1, max = 300) int height,
            @ForAll boolean isNoise,
            @ForAll long seed)
            throws IOException {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        int[] pixels = Canvas.pixels(picture);
        for (int i = 0; i < pixels.length; i++) {
            // Noise does not shrink and fills several chunks; the other pictures are smooth, with wide and narrow
            // steps.
            pixels[i] = isNoise ? random.nextInt(1 << 24) : i % width * 0x010203 + i / width * 0x050100 & 0xFFFFFF;
        }

        BufferedImage read = ImageIO.read(new ByteArrayInputStream(Png.encode(picture)));

        assertThat(read.getRGB(0, 0, width, height, null, 0, width))
                .isEqualTo(picture.getRGB(0, 0, width, height, null, 0, width));
    }

    /** Chunks are complete, their checksums are right, and nothing follows the end. */
    @Test
    void chunksAreThoseOfTheStandard() {
        ByteBuffer file = ByteBuffer.wrap(Png.encode(new BufferedImage(700, 500, BufferedImage.TYPE_INT_RGB)));
        List<String> names = new ArrayList<>();
        file.position(8);
        while (file.hasRemaining()) {
            byte[] content = new byte[file.getInt() + 4];
            file.get(content);
            CRC32 checksum = new CRC32();
            checksum.update(content);
            assertThat(file.getInt()).isEqualTo((int) checksum.getValue());
            names.add(new String(content, 0, 4, StandardCharsets.US_ASCII));
        }

        assertThat(names).startsWith("IHDR", "tEXt", "IDAT").endsWith("IDAT", "IEND");
    }

    @Test
    void whatIsTransparentShowsWhite() throws IOException {
        BufferedImage read = ImageIO.read(
                new ByteArrayInputStream(Png.encode(new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB))));

        assertThat(read.getRGB(1, 1)).isEqualTo(0xFFFFFFFF);
    }

    /** PNG (ISO 15948), 11.3.4.3: the keyword, a zero, the text; before the pixels. */
    @Test
    void thePictureSaysWhatMadeIt() {
        String bytes = new String(Png.encode(PICTURE), StandardCharsets.ISO_8859_1);

        assertThat(bytes.indexOf("tEXtSoftware\0cam4j")).isBetween(33, bytes.indexOf("IDAT"));
    }

    @Test
    void aFileInTheWayOfAFolderIsNamed() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("notes.txt"), "text");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Png.write(PICTURE, inTheWay.resolve("picture.png")))
                .withMessageContaining("notes.txt' is where a folder is needed")
                .withMessageContaining("Check that");
        assertThat(inTheWay).hasContent("text");
        assertThat(names(folder)).containsExactly("notes.txt");
    }

    @Test
    void aFolderIsNotReplaced() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("picture.png"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Png.write(PICTURE, empty))
                .withMessageContaining("it is a folder");
        assertThat(empty).isEmptyDirectory();
        assertThat(names(folder)).containsExactly("picture.png");
    }

    @Test
    void failureAfterEncodingLeavesNothingBehind() throws IOException {
        Path tooLong = folder.resolve("p".repeat(5000) + ".png");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Png.write(PICTURE, tooLong))
                .withMessageContaining("cannot be written");
        assertThat(names(folder)).isEmpty();
    }

    private static void assertReadable(Path file) throws IOException {
        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(read.getWidth()).isEqualTo(5);
        assertThat(read.getHeight()).isEqualTo(3);
        assertThat(read.getRGB(4, 2)).isEqualTo(0xFF336699);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
