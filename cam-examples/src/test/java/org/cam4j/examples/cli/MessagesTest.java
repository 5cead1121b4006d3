package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The library's advice names methods; on the command line it names options. */
class MessagesTest {

    @TempDir
    Path folder;

    @Test
    void theOptionForPreprocessingIsNamed() throws IOException {
        Path bare = Files.copy(Demo.MODEL, folder.resolve("bare.h5"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(CommandLineRun.of(
                                "explain",
                                "--model",
                                bare,
                                "--out",
                                folder.resolve("out"),
                                Demo.PHOTOS.resolve("koala.jpg"))
                        .errors())
                .contains("--preprocessing caffe", "JSON file beside")
                .doesNotContain("Preprocessing.CAFFE", "preprocessing(", "builder");
    }

    @Test
    void theOptionForLargePhotosIsNamed() throws IOException {
        Path photo = folder.resolve("photo.png");
        ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", photo.toFile());

        assertThat(CommandLineRun.of(
                                "explain",
                                "--model",
                                Demo.MODEL,
                                "--max-pixels",
                                599,
                                "--out",
                                folder.resolve("out"),
                                photo)
                        .errors())
                .contains("600 pixels", "--max-pixels")
                .doesNotContain("PhotoReader");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "read it with KerasReader.withWeights. | --weights | KerasReader",
                "say what they compute with KerasReader.withLayer. | --layer-like | KerasReader",
                "Choose another output, or train the head. | with --output, or train | Choose another output,",
                "Say it with inputSize(height, width). | --size HEIGHTxWIDTH | inputSize",
                "Build the mapper with an input size whose map is 7x7. | --size, an input size whose map | mapper",
                "or build the mapper with the input size that the network was made for. | --size the input | mapper",
                "Say the input size that it was made for. | --size the input size that it was made for | Say"
            })
    void theOptionIsNamedInPlaceOfTheMethod(String message, String option, String method) {
        assertThat(Messages.of(message)).contains(option).doesNotContain(method);
    }

    @Test
    void namesOfFilesCannotSteerTheTerminal() {
        assertThat(Printable.of("zèbre \uD83D\uDC3C\u200D\u2B1B C:\\zoo"))
                .isEqualTo("zèbre \uD83D\uDC3C\u200D\u2B1B C:\\zoo");
        assertThat(Printable.of("a\u001B[2J\u0000\u009B\u007F")).isEqualTo("a\\x1b[2J\\x00\\x9b\\x7f");
        assertThat(Printable.of("a\r\n\tb")).isEqualTo("a\\r\\n\\tb");
        assertThat(Printable.of("\u202Egnp.exe\u2028\u2066\uD800")).isEqualTo("\\u202egnp.exe\\u2028\\u2066\\ud800");
    }
}
