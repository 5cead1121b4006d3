package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cam4j.exception.ModelFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("labels.txt"), text);
    }

    @Test
    void readsANameALine() throws IOException {
        assertThat(Labels.read(file("# animals\npanda\n\n  red fox \nzèbre\n")).names())
                .containsExactly("panda", "red fox", "zèbre");
    }

    @Test
    void readsIndexedLinesInAnyOrder() throws IOException {
        assertThat(Labels.read(file("1\tn2\tfox\n0\tn1\tpanda\n")).names()).containsExactly("panda", "fox");
    }

    @Test
    void numbersAloneAreNames() throws IOException {
        assertThat(Labels.read(file("7\n8\n")).names()).containsExactly("7", "8");
    }

    @Test
    void refusesIndicesThatDoNotCountFromZero() throws IOException {
        assertThatThrownBy(() -> Labels.read(file("1\tpanda\n2\tfox\n")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("labels.txt", "index 2", "from 0 to 1");
        assertThatThrownBy(() -> Labels.read(file("0\tpanda\n0\tfox\n")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("index 0 twice");
    }

    @Test
    void refusesMissingEmptyAndBinaryFiles() throws IOException {
        assertThatThrownBy(() -> Labels.read(folder.resolve("none.txt")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("no labels file");
        assertThatThrownBy(() -> Labels.read(file("\n\n")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("empty");
        Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0x41});
        assertThatThrownBy(() -> Labels.read(binary))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void findsAClassByItsName() {
        Labels labels = Labels.of("Panda", "panda", "fox", "crane", "crane");

        assertThat(labels.indexOf("panda")).isEqualTo(1);
        assertThat(labels.indexOf("FOX")).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels.indexOf("crane"))
                .withMessageContainingAll("[3, 4]", "index");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels.indexOf("zebra"))
                .withMessageContaining("no class is called 'zebra' among the 5 labels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> labels.indexOf("ran"))
                .withMessageContaining("close to it: crane");
    }
}
