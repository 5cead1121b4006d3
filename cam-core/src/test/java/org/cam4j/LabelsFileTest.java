package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
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

    @Test
    void textOfTwoBytesALetterIsRefusedWithoutItsMarkToo() throws IOException {
        Path labels = Files.writeString(folder.resolve("labels.txt"), "cat\ndog\nbird", StandardCharsets.UTF_16LE);

        assertThatThrownBy(() -> Labels.read(labels))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("labels.txt", "UTF-16", "save it as UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "101 Dalmatians\n3 toed sloth",
                "1 dollar\n5 dollars\n10 dollars",
                "1996 coupe\n2001 coupe",
                "cat, Felis catus\ndog, Canis lupus",
                "n02 cat\nn03 dog",
                "\"cat\", small\ndog",
                "[unknown]\n[cat]",
                "0\n1",
                "0 cat\ndog",
                "cat {small}\n\"dog\""
            })
    void namesThatOnlyLookLikeAnotherFormAreNames(String text) throws IOException {
        assertThat(Labels.read(write("labels.txt", text)).names())
                .containsExactlyElementsOf(text.lines().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`n02123045 cat\nn02084071 dog\nn01503061 bird`",
                "`n02123045\tcat\nn02084071\tdog\nn01503061\tbird`",
                "`n02123045,cat\nn02084071,dog\nn01503061,bird`",
                "`id,name\r\n0,cat\r\n1,dog\r\n2,bird\r\n`",
                "`id;name\n2;bird\n0;cat\n1;dog`",
                "`index\tname\n2\tbird\n0\tcat\n1\tdog`",
                "`ClassId,SignName\n1,dog\n0,cat\n2,bird`",
                "`name,id\ndog,1\ncat,0\nbird,2`",
                "`dog,1\ncat,0\nbird,2`",
                "`index,mid,display_name\n0,/m/01,cat\n1,/m/02,dog\n2,/m/03,bird`",
                "`class_index,class,height,width,scale by\n0,cat,224,224,1\n1,dog,224,224,1\n2,bird,224,224,1`",
                "`wnid,name\nn02123045,cat\nn02084071,dog\nn01503061,bird`",
                "`name,supercategory\ncat,animal\ndog,animal\nbird,animal`",
                "`0,\"cat\"\n1,\"dog\"\n2,\"bird\"`",
                "`0,n02123045,cat\n1,n02084071,dog\n2,n01503061,bird`",
                "`{0: 'cat',\n 1: 'dog',\n 2: \"bird\"}`",
                "`{'cat': 0, 'dog': 1, 'bird': 2}`",
                "`['cat', 'dog', 'bird',]`",
                "`{\"cat\": \"0\", \"bird\": \"2\", \"dog\": \"1\"}`"
            })
    void tablesAndIdentifiersGiveTheNamesInTheOrderOfTheOutputs(String text) throws IOException {
        assertThat(Labels.read(write("labels.csv", text)).names()).containsExactly("cat", "dog", "bird");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus`",
                "`0,\"tench, Tinca tinca\"\n1,\"goldfish, Carassius auratus\"`",
                "`n01440764,\"tench, Tinca tinca\"\nn01443537,\"goldfish, Carassius auratus\"`",
                "`id,name\n1,\"goldfish, Carassius auratus\"\n0,\"tench, Tinca tinca\"`",
                "`0 tench, Tinca tinca\n1 goldfish, Carassius auratus`",
                "`{0: 'tench, Tinca tinca', 1: 'goldfish, Carassius auratus'}`"
            })
    void synonymsStayInTheNameAndEachFindsTheClass(String text) throws IOException {
        Labels labels = Labels.read(write("labels.txt", text));

        assertThat(labels.names()).containsExactly("tench, Tinca tinca", "goldfish, Carassius auratus");
        assertThat(labels.indexOf("goldfish")).isEqualTo(1);
        assertThat(labels.indexOf("tinca tinca")).isZero();
    }

    @Test
    void quotesInACellAreDoubled() throws IOException {
        assertThat(Labels.read(write("labels.csv", "id,name\n0,\"the \"\"big\"\" cat\"\n1,dog"))
                        .names())
                .containsExactly("the \"big\" cat", "dog");
    }

    @Test
    void digitsMayBeNamesBelowAHeading() throws IOException {
        assertThat(Labels.read(write("labels.csv", "index,label\n0,7\n1,8\n2,9"))
                        .names())
                .containsExactly("7", "8", "9");
    }

    /** Either reading may be wrong by one, which no later step would notice. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`1 cat\n2 dog` | numbers that count from 1",
                "`1: cat\n2: dog\n3: bird` | numbers that count from 1",
                "`0 cat\n1 dog\n3 bird` | numbers with a gap",
                "`0 cat\n1 dog\nbird` | the line 'bird' without a number",
                "`id name\n0 cat\n1 dog` | the line 'id name' without a number",
                "`id,name\n0,cat\n1,dog, small` | the line 'id,name' without a number",
                "`label\ncat\ndog` | begins with 'label', which may be a heading or the name of class 0",
                "`id,name\n1,cat\n2,dog` | whole numbers in column 'id', which do not count from 0 to 1",
                "`cat,1\ndog,2` | whole numbers in column 2, which do not count from 0 to 1",
                "`name,photos\ncat,120\ndog,80` | whole numbers in column 'photos'",
                "`a,b,name\n0,1,cat\n1,0,dog` | several orders in the columns 'a', 'b'",
                "`id,german,french\n0,Katze,chat\n1,Hund,chien` | texts in the columns 'german', 'french'",
                "`id,size\n0,10\n1,20` | no column of names",
                "`id,name\n0,cat\n1,` | an empty cell in column 'name'",
                "`{\"0\": \"1\", \"1\": \"0\"}` | digits as keys and as values",
                "`[{\"id\": 0, \"name\": \"cat\"}]` | as entry 0: expected a text"
            })
    void whatCanBeReadInTwoWaysIsRefused(String text, String message) throws IOException {
        Path file = write("labels.csv", text);

        assertThatThrownBy(() -> Labels.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("labels.csv", message);
    }

    /** A line of sixteen million cells, or of quotes, is read once. */
    @ParameterizedTest
    @ValueSource(strings = {",", "\",", " ,", "\t"})
    void oneLineOfManyCellsIsAnswered(String cell) throws IOException {
        Path file = Files.writeString(folder.resolve("labels.csv"), "x" + cell.repeat(1 << 20) + "\n");

        assertThat(Labels.read(file).names()).hasSize(1);
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
