package org.cam4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of files that cannot be written, and what is left of them. */
class WholeFileTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void anEarlierFileIsThere() throws IOException {
        file = Files.writeString(folder.resolve("map.png"), "earlier");
    }

    private void theEarlierFileIsAllThatIsThere() throws IOException {
        assertThat(file).hasContent("earlier");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsNamedBelowWhatALibrarySays() throws IOException {
        BufferedImage picture = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);

        assertThatThrownBy(() -> WholeFile.write(file, unused -> {
                    try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"));
                            ImageOutputStream stream = new MemoryCacheImageOutputStream(full)) {
                        ImageIO.write(picture, "png", stream);
                    }
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(
                        "the file '" + file
                                + "' cannot be written: No space left on device. Make room on the disk, or write to another one.");
        theEarlierFileIsAllThatIsThere();
    }

    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Disk quota exceeded", "There is not enough space on the disk"})
    void roomIsAdvisedWhereTheSystemSaysThatThereIsNone(String words) throws IOException {
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IIOException("I/O error writing PNG file!", new IOException(words));
                }))
                .hasMessageEndingWith(
                        "cannot be written: " + words + ". Make room on the disk, or write to another one.");
        theEarlierFileIsAllThatIsThere();
    }

    @Test
    void otherReasonsComeWithTheirKind() throws IOException {
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    throw new IOException("cannot", new IOException("Input/output error"));
                }))
                .hasMessageContaining("cannot be written: IOException: Input/output error. Check that its folder");
        assertThatThrownBy(() -> WholeFile.write(file.resolve("below.png"), out -> out.write(1)))
                .hasMessageContaining("map.png' is where a folder is needed");
        theEarlierFileIsAllThatIsThere();
    }
}
