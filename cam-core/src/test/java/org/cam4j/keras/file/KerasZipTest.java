package org.cam4j.keras.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.cam4j.exception.CamException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.keras.ReadLimits;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code .keras} files that are odd, damaged or beyond the limits. */
class KerasZipTest {

    private static byte[] config;
    private static byte[] weights;

    @BeforeAll
    static void readGoodFile() throws IOException {
        Golden golden = Golden.of("mini_gap", "k3.keras");
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(golden.model())))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                switch (entry.getName()) {
                    case "config.json" -> config = in.readAllBytes();
                    case "model.weights.h5" -> weights = in.readAllBytes();
                    default -> in.closeEntry();
                }
            }
        }
    }

    @Test
    void packedEntriesAreRead() throws IOException {
        Golden golden = Golden.of("mini_gap", "k3.keras");

        ImportedModel model = KerasModels.load(zip("config.json", config, "model.weights.h5", weights));

        assertThat(Golden.distance(model.graph().output(golden.x())[0], golden.y()))
                .isLessThan(1e-5);
    }

    @Test
    void layersThatNoOutputNeedsAreLeftOut() throws IOException {
        Golden golden = Golden.of("mini_gap", "k3.keras");
        byte[] other = new String(config, StandardCharsets.UTF_8)
                .replaceFirst("\"output_layers\": \\[\"pred\"", "\"output_layers\": [\"gap\"")
                .getBytes(StandardCharsets.UTF_8);

        ImportedModel model = KerasModels.load(zip("config.json", other, "model.weights.h5", weights));

        assertThat(model.graph().getVertices())
                .extracting(vertex -> vertex.getVertexName())
                .contains("gap")
                .doesNotContain("pred");
        assertThat(model.graph().output(golden.x())[0].shape()).containsExactly(2, 16);
    }

    @Test
    void entriesWithPathsAreNoFiles() throws IOException {
        byte[] file = zip("../../evil", new byte[9], "config.json", config, "model.weights.h5", weights);

        assertThat(KerasModels.load(file).outputs()).containsExactly("pred");
    }

    @Test
    void missingEntriesAreNamed() throws IOException {
        assertRefused(zip("config.json", config), "a zip archive without model.weights.h5");
        assertRefused(zip("model.weights.h5", weights), "a zip archive without config.json");
        assertRefused(zip("config.json", config, "model.weights.h5", new byte[9]), "model.weights.h5 is no HDF5 file");
    }

    @Test
    void bombsAreNotUnpacked() throws IOException {
        byte[] spaces = new byte[30 << 20];
        Arrays.fill(spaces, (byte) ' ');

        assertRefused(
                zip("config.json", spaces, "model.weights.h5", weights),
                "the entry 'config.json' unpacks from",
                "more than 200 times its size");
    }

    @Test
    void checksumIsCompared() throws IOException {
        byte[] file = Files.readAllBytes(Golden.of("mini_gap", "k3.keras").model());
        file[file.length / 2] ^= 1;

        assertRefused(file, "holds 'model.weights.h5' with another checksum or size");
    }

    @Test
    void archiveThatIsCutShortIsRefused() throws IOException {
        byte[] file = Files.readAllBytes(Golden.of("mini_gap", "k3.keras").model());

        assertRefused(Arrays.copyOf(file, file.length - 1), "is cut short");
        assertRefused(Arrays.copyOf(file, file.length / 2), "is cut short");
    }

    @Test
    void limitsAreTheApplicationsToSet() throws IOException {
        byte[] file = Files.readAllBytes(Golden.of("mini_gap", "k3.keras").model());
        ReadLimits standard = ReadLimits.standard();

        assertLimit(standard.withConfig(1000, 200, 5000), file, "bytes, more than the 1000 that are read");
        assertLimit(standard.withConfig(100_000, 5, 5000), file, "depth 5");
        assertLimit(standard.withConfig(100_000, 200, 5), file, "more than the 5 layers that are read");
        assertLimit(standard.withElements(1000, 100_000), file, "there are 1152 values, more than the 1000");
        assertLimit(standard.withElements(100_000, 1000), file, "values, more than the 1000 that are read");
        assertLimit(standard.withEntries(20_000, 200), file, "bytes, more than the 20000 that are read");
        assertThatThrownBy(() -> KerasModels.reader()
                        .withLimits(standard.withFileBytes(10_000))
                        .load(new ByteArrayInputStream(file)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("more than the 10000 bytes that are read from a stream");
        assertThatThrownBy(() -> standard.withFileBytes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void modelsThatAreNestedManyTimesOverAreRefused() throws IOException {
        // Each of these models calls the one before it twice.
        String model = "{'class_name': 'Functional', 'config': {'layers': ["
                + "{'class_name': 'InputLayer', 'config': {'name': 'i', 'batch_shape': [null, 8, 8, 3]}, 'inbound_nodes': []},"
                + "{'class_name': 'ReLU', 'config': {'name': 'r'}, 'inbound_nodes': [[['i', 0, 0]]]}],"
                + "'input_layers': [['i', 0, 0]], 'output_layers': [['r', 0, 0]]}";
        for (int i = 0; i < 30; i++) {
            model = "{'class_name': 'Functional', 'config': {'layers': ["
                    + "{'class_name': 'InputLayer', 'config': {'name': 'i', 'batch_shape': [null, 8, 8, 3]}, 'inbound_nodes': []},"
                    + model + ", 'name': 'm', 'inbound_nodes': [[['i', 0, 0]], [['m', 0, 0]]]}],"
                    + "'input_layers': [['i', 0, 0]], 'output_layers': [['m', 1, 0]]}";
        }
        byte[] json = (model + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);

        assertRefused(
                zip("config.json", json, "model.weights.h5", weights),
                "with nested models inlined, it has more than the 5000 layers that are read");
    }

    private static void assertLimit(ReadLimits limits, byte[] file, String expected) {
        assertThatThrownBy(() -> KerasModels.reader().withLimits(limits).load(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(expected);
    }

    private static void assertRefused(byte[] file, String... expected) {
        assertThatThrownBy(() -> KerasModels.load(file))
                .isInstanceOf(CamException.class)
                .hasMessageContainingAll(expected);
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                out.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                out.write((byte[]) namesAndContents[i + 1]);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
