package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

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
    void theOptionForTheNetworksMemoryIsNamedAndSetsIt() {
        Object[] explain = {
            "explain",
            "--model",
            Demo.MODEL,
            "--no-overlay",
            "--out",
            folder,
            Demo.PHOTOS.resolve("koala.jpg"),
            "--max-network-memory"
        };

        CommandLineRun refused = CommandLineRun.of(
                Stream.concat(Stream.of(explain), Stream.of("2m")).toArray());
        CommandLineRun done = CommandLineRun.of(
                Stream.concat(Stream.of(explain), Stream.of("1g")).toArray());
        CommandLineRun wrong = CommandLineRun.of(
                Stream.concat(Stream.of(explain), Stream.of("lots")).toArray());

        assertThat(refused.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(refused.errors())
                .contains("at most 2 MiB are allowed", "or allow more with --max-network-memory")
                .doesNotContain("MapperBuilder");
        assertThat(done.status()).as(done.errors()).isZero();
        assertThat(wrong.errors()).contains("'--max-network-memory': 'lots' is no amount of memory", "such as 4g");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4g, 4294967296", "512M, 536870912", "3k, 3072", "1T, 1099511627776"})
    void memoryIsWrittenAsForJava(String text, long bytes) {
        assertThat(new MemorySize.Converter().convert(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "g", "4gb", "1.5g", "9999999999g", "123456789012345678901"})
    void otherTextsAreNoMemory(String text) {
        assertThatThrownBy(() -> new MemorySize.Converter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'" + text + "' is no amount of memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out", "--labels", "--model", "--weights", "--report"})
    void aPathThatNoFileCanHaveIsRefusedInWords(String option) {
        CommandLineRun run =
                CommandLineRun.of("explain", "--model", Demo.MODEL, option, "a\0b", Demo.PHOTOS.resolve("koala.jpg"));

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors())
                .contains("'" + option + "'", "the name 'a\\x00b' cannot be a file's here", "rename the file")
                .doesNotContain("LC_ALL", "java.nio");
    }

    /** What Java makes of bytes that are no UTF-8: in ASCII no name can have it either. */
    @Test
    void aNameOfBadBytesIsToBeChanged() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "explain", "--model", Demo.MODEL, "--out", folder, "k\uFFFDala.jpg", Demo.PHOTOS.resolve("koala.jpg"));

        assertThat(run.status()).as(run.errors()).isEqualTo(Cam4j.SOME_FAILED);
        assertThat(run.errors()).contains("cannot be a file's here, where names are ", "rename the file");
        if (System.getProperty("sun.jnu.encoding").equals("UTF-8")) {
            assertThat(run.errors()).doesNotContain("LC_ALL");
            assertThat(CommandLineRun.of("inspect", "k\uFFFDala.h5").errors())
                    .contains("rename the file")
                    .doesNotContain("LC_ALL");
        }
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
                "or allow more with MapperBuilder.maxNetworkBytes | --max-network-memory | Mapper",
                "put it beside the model, or choose it yourself. | --labels | choose it",
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
