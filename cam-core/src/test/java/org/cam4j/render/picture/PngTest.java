package org.cam4j.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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
