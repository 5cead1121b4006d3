package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.dataset.ContiguousDataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipFile;
import org.cam4j.exception.CamException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.Golden;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class DamagedFilesTest {

    private static final int MUTATIONS = 300;

    private static byte[] good;

    @TempDir
    private Path folder;

    @BeforeAll
    static void readGoodFile() throws IOException {
        good = Files.readAllBytes(Golden.resource("/keras/models/mini_gap/k2.h5"));
    }

    @Test
    void missingFileIsRefused() {
        assertRefused(folder.resolve("nowhere.h5"), "there is no such file");
    }

    @Test
    void directoryIsRefused() throws IOException {
        assertRefused(folder, "it is a directory");
        Files.createFile(folder.resolve("saved_model.pb"));
        assertRefused(folder, "SavedModel");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | it is empty",
                "'<html>404</html>' | it is a web page",
                "'{\"class_name\": \"Functional\"}' | it is a model's architecture without its weights",
                "'version https://git-lfs.github.com/spec/v1' | git lfs pull",
                "'something else' | of another format"
            })
    void fileOfAnotherKindIsCalledByItsName(String content, String expected) throws IOException {
        assertRefused(file(content.getBytes(StandardCharsets.US_ASCII)), expected);
    }

    @Test
    void zipArchiveIsCalledByItsName() {
        assertRefused(Golden.resource("/keras/damaged.zip"), "it is a zip archive around 'chunk_bomb.h5'");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 96, 2000, 24_000, 47_000, 47_712 - 100, 47_712 - 1})
    void fileThatIsCutShortIsRefused(int length) throws IOException {
        assertRefused(file(Arrays.copyOf(good, length)), "it is cut short: " + length + " bytes, expected 47712");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chunk_bomb | a chunk that unpacks to another size than 228 bytes",
                "chunk_too_short | a chunk that unpacks to another size than 228 bytes",
                "chunk_missing | No chunk with offset [0, 10]",
                "chunk_too_large | has chunks of 160000000 bytes",
                "external_link | is a link: Keras writes none, and none is followed",
                "soft_link | is a link: Keras writes none, and none is followed",
                "external_storage | External Data Files",
                "never_written | was never written",
                "wide | has the shape [1048576, 1048576] in the file, expected [3, 19]",
                "integers | holds FixedPoint values",
                "strings | holds StringData values",
                "quadruple | numbers in a format of its own",
                "infinite_half | holds the value Infinity at position 0",
                "too_large_for_float | holds the value Infinity at position 0",
                "weights_only | it holds weights without a model",
                "config_deep | no JSON within the limits",
                "config_number | 'model_config' is no text",
                "growing | can grow, which no weights of Keras do"
            })
    void damagedOrHostileFileIsRefused(String name, String expected) throws IOException {
        assertRefused(unzipped(name), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"good_double_big_endian", "good_gzip", "good_lzf", "good_newer"})
    void everyWayOfStoringFloatsIsRead(String name) throws IOException {
        ComputationGraph graph = KerasModels.read(unzipped(name));

        INDArray kernel = graph.getLayer("pred").getParam("W");
        assertThat(kernel.minNumber().floatValue()).isEqualTo(0.25f);
        assertThat(kernel.maxNumber().floatValue()).isEqualTo(0.25f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"filters\": 16| \"filters\": -6| 'filters' is -6, expected a whole number from 1",
                "\"filters\": 16| \"filters\": 48| [3, 3, 8, 16] in the file, expected [3, 3, 8, 48]",
                "\"filters\": 16| \"filters\": []| 'filters' is [], expected a whole number",
                "\"filters\": 16| \"filterz\": 16| 'filters' is missing",
                "[null, 32, 32, 3]| [null, 32, -2, 3]| 'batch_input_shape' is [null,32,-2,3]",
                "[null, 32, 32, 3]| [null,9999999,3]| 'batch_input_shape' is [null,9999999,3]",
                "\"units\": 19| \"units\": 91| [16, 19] in the file, expected [16, 91]",
                "\"strides\": [1, 1]| \"strides\": [0, 1]| 'strides' is [0,1]",
                "\"pool_size\": [2, 2]| \"pool_size\": [2,99]| reaches over 99 cells where its input has only 32",
                "\"epsilon\": 0.001| \"epsilon\": -0.01| 'epsilon' is -0.01",
                "[[[\"p1\", 0, 0, {}]]]| [[[\"c3\", 0, 0, {}]]]| depend on each other in a circle: [c2, lr, c3",
                "[[[\"p1\", 0, 0, {}]]]| [[[\"p9\", 0, 0, {}]]]| refers to the layer 'p9', which is not there",
                "[[[\"p1\", 0, 0, {}]]]| []| has 0 inputs",
                "\"output_layers\": [[\"pred\"| \"output_layers\": [[\"nope\"| refers to the layer 'nope'",
                "{\"class_name\": \"Functional\"| {\"class_name\": \"\"| it has no class_name",
                "{\"class_name\": \"Functional\"| {\"class_name\"  \"Functional\"| no JSON within the limits",
                "model_config| model_konfig| it has no model_config",
                "model_weights| model_heights| there is no group 'model_weights'",
                "c3/kernel:0| c3/kennel:0| there is no dataset",
                "2.17.0| 0.17.0| Keras 0.17.0 wrote it, expected Keras 1, 2 or 3"
            })
    void editedFileIsRefused(String original, String edit, String expected) throws IOException {
        byte[] bytes = good.clone();
        overwrite(bytes, original, edit);

        assertRefused(file(bytes), expected);
    }

    @Test
    void allLayersThatCannotBeBuiltAreNamedAtOnce() throws IOException {
        byte[] bytes = good.clone();
        overwrite(bytes, "\"activation\": \"relu\"", "\"activation\": \"rilu\"");
        overwrite(bytes, "\"class_name\": \"LeakyReLU\"", "\"class_name\": \"SneakReLU\"");

        assertThatThrownBy(() -> KerasModels.read(file(bytes)))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("2 layers")
                .hasMessageContaining("layer 'c1' (Conv2D): activation 'rilu'")
                .hasMessageContaining("layer 'lr' (SneakReLU): a layer that is not read");
    }

    @Test
    void transposedKernelIsRefused() throws IOException {
        byte[] bytes = good.clone();
        System.arraycopy(longs(16, 16, 3, 3), 0, bytes, position(longs(3, 3, 16, 16)), 4 * Long.BYTES);

        assertRefused(
                file(bytes),
                "'kernel' of layer 'c3' (Conv2D) has the shape [16, 16, 3, 3] in the file, expected [3, 3, 16, 16]");
    }

    @Test
    void datasetBeyondTheEndOfTheFileIsRefused() throws IOException {
        byte[] bytes = good.clone();
        int address = Math.toIntExact(kernelAddress());
        System.arraycopy(longs(bytes.length - 8), 0, bytes, position(longs(address)), Long.BYTES);

        assertRefused(file(bytes), "the dataset '/model_weights/c3/c3/kernel:0' cannot be read");
    }

    @Test
    void treeWhoseBranchesMeetAgainIsRefused() throws IOException {
        byte[] bytes = good.clone();
        byte[] signature = "TREE".getBytes(StandardCharsets.US_ASCII);
        int first = position(signature);
        int second = first + 1;
        while (!Arrays.equals(good, second, second + 4, signature, 0, 4)) {
            second++;
        }
        // A node of level 1 whose two children are the same.
        bytes[first + 5] = 1;
        bytes[first + 6] = 2;
        for (int child = 0; child < 2; child++) {
            System.arraycopy(longs(second), 0, bytes, first + 24 + 8 + 16 * child, Long.BYTES);
        }

        assertRefused(file(bytes), "has a tree whose branches meet again");
    }

    @Test
    void treeOfChunksWhoseBranchesMeetAgainIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(unzipped("good_gzip"));
        byte[] leaf = {'T', 'R', 'E', 'E', 1, 0};
        int tree = position(bytes, leaf);
        bytes[tree + 5] = 1;
        bytes[tree + 6] = 2;
        // Of two axes, a key has 32 bytes.
        byte[] child = longs(position(bytes, "TREE".getBytes(StandardCharsets.US_ASCII)));
        for (int i = 0; i < 2; i++) {
            System.arraycopy(child, 0, bytes, tree + 24 + 32 + 40 * i, Long.BYTES);
        }

        assertRefused(file(bytes), "the dataset '/model_weights/pred/pred/kernel:0' has a tree whose branches meet");
    }

    @ParameterizedTest
    @CsvSource({"5, group '/'", "8, object '/'"})
    void treeOfNamesThatIsTooLargeIsRefused(byte type, String expected) throws IOException {
        byte[] bytes = Files.readAllBytes(unzipped("good_newer"));
        byte[] header = {'B', 'T', 'H', 'D', 0, type};
        bytes[position(bytes, header) + 12] = 9;

        assertRefused(file(bytes), expected + " has a tree of names that is 9 deep");
    }

    @Test
    void sizesThatOverflowAreRefused() {
        String layers = "{'class_name': 'InputLayer', 'config': {'name': 'i', 'batch_input_shape': [null, 9, 9, 9]}}";
        for (int i = 0; i < 4; i++) {
            layers += ", {'class_name': 'UpSampling2D', 'config': {'name': 'u" + i + "', 'size': 999999}}";
        }
        Path file = folder.resolve("model.h5");
        try (WritableHdfFile written = HdfFile.write(file)) {
            written.putAttribute(
                    "model_config", ("{'class_name': 'Sequential', 'config': [" + layers + "]}").replace('\'', '"'));
        }

        assertRefused(file, "too large to compute with");
    }

    @Test
    void notANumberAmongTheWeightsIsRefused() throws IOException {
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(Math.toIntExact(kernelAddress()) + 5 * Float.BYTES, Float.NaN);

        assertRefused(file(bytes), "'/model_weights/c3/c3/kernel:0' holds the value NaN at position 5");
    }

    @Test
    void randomDamageIsReadOrRefused() throws IOException {
        Random random = new Random(20_161);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = good.clone();
            // Half of them in the first part, which is mostly structure.
            int range = i % 2 == 0 ? bytes.length : bytes.length / 2;
            for (int n = 1 << random.nextInt(5); n > 0; n--) {
                bytes[random.nextInt(range)] = (byte) (random.nextBoolean() ? random.nextInt(256) : -random.nextInt(2));
            }
            try {
                KerasModels.read(file(bytes));
            } catch (CamException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("mutation " + i, e);
            }
        }
        assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS);
    }

    private static void assertRefused(Path file, String expected) {
        assertThatThrownBy(() -> KerasModels.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("'" + file + "'")
                .hasMessageContaining(expected);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.h5"), bytes);
    }

    private Path unzipped(String name) throws IOException {
        Path file = folder.resolve(name + ".h5");
        try (ZipFile zip = new ZipFile(Golden.resource("/keras/damaged.zip").toFile());
                InputStream in = zip.getInputStream(zip.getEntry(name + ".h5"))) {
            Files.copy(in, file);
        }
        return file;
    }

    /** Writes over the original, and spaces over what is left of it. */
    private static void overwrite(byte[] bytes, String original, String edit) {
        assertThat(edit).hasSizeLessThanOrEqualTo(original.length());
        byte[] replacement = (edit + " ".repeat(original.length() - edit.length())).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(
                replacement, 0, bytes, position(original.getBytes(StandardCharsets.US_ASCII)), replacement.length);
    }

    private static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asLongBuffer().put(values);
        return buffer.array();
    }

    private static long kernelAddress() {
        try (HdfFile file = HdfFile.fromBytes(good)) {
            return ((ContiguousDataset) file.getDatasetByPath("model_weights/c3/c3/kernel:0")).getDataAddress();
        }
    }

    /** Where a pattern stands first in the good file. */
    private static int position(byte[] pattern) {
        return position(good, pattern);
    }

    private static int position(byte[] bytes, byte[] pattern) {
        for (int i = 0; i <= bytes.length - pattern.length; i++) {
            if (Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not in the file: " + new String(pattern, StandardCharsets.US_ASCII));
    }
}
