package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cam4j.exception.ModelFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LabelsFileTest {

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\uFEFFcat\\r\\ndog\\r\\nbird\\r\\n`",
                "`0 cat\\n1 dog\\n2 bird\\n`",
                "`0,cat\\r\\n1,dog\\r\\n2,bird`",
                "`2\\tbird\\n0\\tcat\\n1\\tn02\\tdog\\n`",
                "`2 bird\\n0 cat\\n1: dog\\n`",
                "`{\"cat\": 0, \"dog\": 1, \"bird\": 2}`",
                "`{\"dog\": 1, \"bird\": 2, \"cat\": 0}`",
                "`\uFEFF {\"2\": \"bird\", \"0\": \"cat\", \"1\": \"dog\"}\\n`",
                "`{\"0\": [\"n01\", \"cat\"], \"1\": [\"n02\", \"dog\"], \"2\": [\"n03\", \"bird\"]}`",
                "`[\"cat\", \"dog\",\\r\\n\"bird\"]`",
                "`[[\"n01\", \"cat\"], [\"n02\", \"dog\"], [\"n03\", \"bird\"]]`"
            })
    void everyFormGivesTheNamesInTheOrderOfTheOutputs(String text) throws IOException {
        assertThat(Labels.read(write("labels", text)).names()).containsExactly("cat", "dog", "bird");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "101 Dalmatians\n3 toed sloth",
                "1 cat\n2 dog",
                "[unknown]\n[cat]",
                "0\n1",
                "0 cat\ndog",
                "cat {small}\n\"dog\""
            })
    void namesThatOnlyLookLikeAnotherFormAreNames(String text) throws IOException {
        assertThat(Labels.read(write("labels.txt", text)).names())
                .containsExactlyElementsOf(text.lines().toList());
    }

    /** Digits sorted as texts, as Keras sorts folders: the values are the indices. */
    @Test
    void foldersThatAreCalledByDigitsKeepTheirIndices() throws IOException {
        assertThat(Labels.read(write("labels.json", "{\"0\": 0, \"1\": 1, \"10\": 2, \"2\": 3}"))
                        .names())
                .containsExactly("0", "1", "10", "2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"cat\": 1, \"dog\": 2} | the index 2: the indices must count from 0 to 1",
                "{\"cat\": 0, \"dog\": 0} | the index 0 twice",
                "{\"cat\": -1} | the index -1",
                "{\"cat\": 0, \"dog\": 1.5} | expected {\"0\": \"cat\", ...}",
                "{\"cat\": 0, \"cat\": 1} | no sound JSON: Duplicate",
                "{\"0\": 3, \"1\": \"dog\"} | has 3 as the entry of 0: expected a text",
                "{\"0\": {\"a\": 1}} | expected a text",
                "{\"labels\": [\"cat\"]} | expected {\"0\": \"cat\", ...}",
                "[\"cat\", null] | has null as entry 1",
                "[[]] | has [] as entry 0",
                "[] | is empty",
                "{} | is empty",
                "{\"cat\": 0 | no sound JSON",
                "[\"cat\"] [\"dog\"] | no sound JSON",
                "[\"\\uD83D\"] | half a surrogate pair"
            })
    void otherJsonIsRefusedWithWhatWasFound(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("labels.json"), text);

        assertThatThrownBy(() -> Labels.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("labels.json", message);
    }

    @Test
    void aFileThatIsTooLargeForNamesIsRefused() throws IOException {
        Path file = folder.resolve("labels.txt");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(1L << 33);
        }

        assertThatThrownBy(() -> Labels.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("more than 16 MiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../labels.txt", "below/../../labels.txt", "/labels.txt", ""})
    void settingsNameLabelsBesideTheModelAlone(String name) throws IOException {
        Path models = Files.createDirectory(folder.resolve("models"));
        write("labels.txt", "cat\ndog\n");
        Files.writeString(models.resolve("m.json"), "{\"labels\": \"" + name + "\"}");

        assertThatThrownBy(() -> ModelSettings.beside(models.resolve("m.h5")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("m.json", "'" + name + "'", "is not in the model's folder");
    }

    @Test
    void settingsMayNameLabelsInAFolderBesideTheModel() throws IOException {
        Files.createDirectory(folder.resolve("names"));
        write("names/labels.txt", "cat\ndog\n");
        write("m.json", "{\"labels\": \"names/labels.txt\"}");

        assertThat(ModelSettings.beside(folder.resolve("m.h5"))
                        .labels()
                        .orElseThrow()
                        .names())
                .containsExactly("cat", "dog");
    }

    /** A pipe that nothing is written to would be waited for without end. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void settingsCannotNameAPipeOrADevice() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("labels.txt").toString())
                        .start()
                        .waitFor())
                .isZero();
        write("m.json", "{\"labels\": \"labels.txt\"}");
        Files.createSymbolicLink(folder.resolve("zero.txt"), Path.of("/dev/zero"));
        write("n.json", "{\"labels\": \"zero.txt\"}");

        for (String model : new String[] {"m.h5", "n.h5"}) {
            assertThatThrownBy(() -> ModelSettings.beside(folder.resolve(model)))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("expected an ordinary file");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDeviceThatNeverEndsIsRefused() {
        assertThatThrownBy(() -> Labels.read(Path.of("/dev/zero")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("more than 16 MiB");
    }
}
