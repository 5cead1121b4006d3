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

    @Test
    void namesOfFilesCannotSteerTheTerminal() {
        assertThat(Printable.of("zèbre \uD83D\uDC3C\u200D\u2B1B C:\\zoo"))
                .isEqualTo("zèbre \uD83D\uDC3C\u200D\u2B1B C:\\zoo");
        assertThat(Printable.of("a\u001B[2J\u0000\u009B\u007F")).isEqualTo("a\\x1b[2J\\x00\\x9b\\x7f");
        assertThat(Printable.of("a\r\n\tb")).isEqualTo("a\\r\\n\\tb");
        assertThat(Printable.of("\u202Egnp.exe\u2028\u2066\uD800")).isEqualTo("\\u202egnp.exe\\u2028\\u2066\\ud800");
    }
}
