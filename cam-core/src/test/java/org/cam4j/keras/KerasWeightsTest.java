package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.Golden;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class KerasWeightsTest {

    private static final double TOLERANCE = 1e-5;
    private static final Golden GOLDEN = Golden.of("flat_vgg", "k2.h5");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"k2.named.h5", "k2.weights.h5", "k3.weights.h5"})
    void weightsGoIntoAGraphOfTheSameArchitecture(String weights) {
        ComputationGraph graph = KerasModels.read(GOLDEN.model());
        graph.params().assign(0.01);

        KerasWeights.into(graph, file(weights));

        assertThat(Golden.distance(graph.output(GOLDEN.x())[0], GOLDEN.y())).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k1.named.h5", "k2.named.h5", "k2.weights.h5", "k3.weights.h5"})
    void applicationIsReadByItsName(String weights) {
        String config = KerasApplication.VGG19.config(false, 2);

        ImportedModel model = KerasApplication.load(file(weights), config);

        assertThat(model.leavesSizeOpen()).isTrue();
        assertThat(model.outputs()).containsExactly("block5_pool");
        INDArray activation = model.graph().feedForward(GOLDEN.x(), false).get("block5_conv4");
        assertThat(Golden.distance(activation, GOLDEN.activation())).isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "nested_deep, k2.keras",
        "nested_deep, k3.keras",
        "nested_twice, k2.keras",
        "nested_twice, k3.keras",
        "bfloat16, k3.keras"
    })
    void architectureAndWeightsMayBeInTwoFiles(String name, String format) throws IOException {
        Golden golden = Golden.of(name, format);
        Path architecture = unzipped(golden.model(), "config.json");
        KerasReader reader = KerasModels.reader().withWeights(unzipped(golden.model(), "model.weights.h5"));

        assertThat(distance(reader.load(architecture), golden)).isLessThan(TOLERANCE);
        assertThat(distance(reader.load(Files.readAllBytes(architecture)), golden))
                .isLessThan(TOLERANCE);
    }

    @Test
    void weightsOfAWholeModelServeAnArchitecture() throws IOException {
        Golden golden = Golden.of("nested_deep", "k3.h5");
        Path architecture = unzipped(Golden.of("nested_deep", "k3.keras").model(), "config.json");

        ImportedModel model = KerasModels.reader().withWeights(golden.model()).load(architecture);

        assertThat(distance(model, golden)).isLessThan(TOLERANCE);
    }

    @Test
    void weightsTakeThePlaceOfTheModelsOwn() throws IOException {
        Path model = Golden.of("grey_wide", "k3.keras").model();
        Golden other = Golden.of("bfloat16", "k3.keras");

        KerasReader reader = KerasModels.reader().withWeights(other.model());

        assertThat(distance(reader.load(model), other)).isLessThan(TOLERANCE);
    }

    @Test
    void weightsOfAnotherModelAreRefusedWithBothFiles() {
        Path model = Golden.of("grey_wide", "k3.keras").model();
        Path weights = file("k3.weights.h5");

        assertThatThrownBy(() -> KerasModels.reader().withWeights(weights).load(model))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("Keras file '" + model + "' with the weights of '" + weights + "'")
                .hasMessageContaining("holds the weights of 'block1_conv1', expected those of 'last'");
    }

    @Test
    void versionOfAnArchitectureIsHeeded() throws IOException {
        Path architecture = folder.resolve("config.json");
        Files.writeString(
                architecture, "{\"class_name\": \"Sequential\", \"keras_version\": \"0.3.0\", \"config\": []}");

        assertThatThrownBy(() ->
                        KerasModels.reader().withWeights(file("k3.weights.h5")).load(architecture))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("Keras 0.3.0 wrote it, expected Keras 1, 2 or 3");
    }

    @Test
    void weightsOfAnotherWidthAreRefused() {
        assertThatThrownBy(() -> KerasApplication.VGG19.withoutTop(file("k2.named.h5")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("k2.named.h5")
                .hasMessageContaining("[3, 3, 3, 2] in the file, expected [3, 3, 3, 64]");
    }

    @Test
    void weightsWithoutATopAreNoneForATop() {
        String config = KerasApplication.VGG16.config(true, 2);

        assertThatThrownBy(() -> KerasApplication.load(file("k1.named.h5"), config))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("there is no group 'fc1'");
    }

    @Test
    void weightsOfAnotherModelLeaveTheGraphAsItWas() {
        ComputationGraph graph =
                KerasModels.read(Golden.of("grey_wide", "k3.h5").model());
        INDArray before = graph.params().dup();

        assertThatThrownBy(() -> KerasWeights.into(graph, file("k3.weights.h5")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("holds the weights of 'block1_conv1', expected those of 'last'");
        assertThat(graph.params()).isEqualTo(before);
    }

    @Test
    void layersWithWeightsOfAnotherKindAreNamed() {
        ComputationGraph graph =
                KerasModels.read(Golden.keras2("layers_activations").model());

        assertThatThrownBy(() -> KerasWeights.into(graph, file("k3.weights.h5")))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("PReLU 'prelu'");
    }

    @Test
    void weightsAloneAreNoModel() {
        assertThatThrownBy(() -> KerasModels.read(file("k3.weights.h5")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("KerasReader.withWeights");
    }

    private Path unzipped(Path archive, String entry) throws IOException {
        Path file = folder.resolve(entry);
        try (ZipFile zip = new ZipFile(archive.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(entry))) {
            Files.copy(in, file);
        }
        return file;
    }

    private static double distance(ImportedModel model, Golden golden) {
        return Golden.distance(model.graph().output(golden.x())[0], golden.y());
    }

    private static Path file(String name) {
        return Golden.resource("/keras/models/flat_vgg/" + name);
    }
}
