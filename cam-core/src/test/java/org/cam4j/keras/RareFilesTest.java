package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.build.ShapeInference;
import org.cam4j.keras.config.Architecture;
import org.cam4j.keras.config.ConfigReader;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.ModelInlining;
import org.cam4j.keras.file.FileFormat;
import org.cam4j.keras.file.KerasArchive;
import org.cam4j.keras.kind.LayerKinds;
import org.cam4j.testing.Golden;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of earlier versions, and what is seldom in a file: all compute what Keras computes. */
class RareFilesTest {

    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "old_keras1, k2.h5",
        "old_keras222, k2.h5",
        "old_tf113, k2.h5",
        "old_tf23, k2.h5",
        "old_user_block, k2.h5",
        "layers_layer_activations, k2.h5",
        "layers_layer_activations, k3.keras",
        "layers_normalization_axes, k2.h5",
        "layers_normalization_axes, k3.keras",
        "layers_augmentations, k2.h5",
        "layers_augmentations, k3.keras",
        "layers_inner_layers, k3.h5",
        "layers_inner_layers, k3.keras",
        "layers_low_rank, k3.h5",
        "layers_low_rank, k3.keras",
        "layers_odd_names, k3.h5",
        "layers_odd_names, k3.keras",
    })
    void graphComputesWhatKerasComputes(String name, String file) {
        Golden golden = Golden.of(name, file);

        assertComputes(KerasModels.read(golden.model()), golden);
    }

    private static void assertComputes(ComputationGraph graph, Golden golden) {
        assertThat(Golden.distance(graph.output(golden.x())[0], golden.y())).isLessThan(TOLERANCE);
    }

    @Test
    void folderIsReadAsTheFileOfItsEntries() throws IOException {
        Golden golden = Golden.of("layers_inner_layers", "k3.keras");
        unzip(golden.model());

        assertComputes(KerasModels.read(folder), golden);
    }

    @Test
    void folderWithoutWeightsIsNamedAsAFolder() throws IOException {
        unzip(Golden.of("layers_inner_layers", "k3.keras").model());
        Files.delete(folder.resolve("model.weights.h5"));

        assertThatThrownBy(() -> KerasModels.read(folder))
                .isInstanceOf(ModelFileException.class)
                .hasMessageEndingWith("it is a directory: give the model's file.");
    }

    private void unzip(Path file) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.write(folder.resolve(entry.getName()), zip.readAllBytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2.h5", "k3.keras"})
    void layersThatLeaveImagesAloneAreDropped(String file) {
        ImportedModel model =
                KerasModels.load(Golden.of("layers_augmentations", file).model());

        assertThat(model.layers())
                .extracting(ImportedLayer::className)
                .containsSubsequence("InputLayer", "Conv2D", "GlobalAveragePooling2D", "Dense")
                .doesNotContain("RandomFlip", "SpatialDropout2D", "Pipeline");
    }

    @Test
    void weightsOfAnotherRankThanTheirSettingSaysAreRefused() {
        Path file = Golden.of("layers_low_rank", "k3.h5").model();

        assertThatThrownBy(() -> changed(file, "\"lora_rank\": 3", "\"lora_rank\": 2"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("layer 'classes' (Dense) has the LoRA weights [4, 3] and [3, 5] of rank 2");
    }

    @Test
    void quantizedLayersAreNamedWithTheReason() {
        Path file = Golden.of("layers_low_rank", "k3.h5").model();

        assertThatThrownBy(() -> changed(
                        file,
                        "\"class_name\": \"DTypePolicy\", \"config\": {\"name\": \"float32\"}",
                        "\"class_name\": \"QuantizedDTypePolicy\", \"config\": {\"mode\": \"int8\"}"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("its weights are quantized to int8 in layer 'last' (Conv2D), layer 'gap'")
                .hasMessageEndingWith("Save the model before model.quantize('int8') is called on it.");
    }

    @Test
    void classOfAnApplicationIsNotTakenForKerasClassOfTheSameName() {
        Path file = Golden.of("layers_odd_names", "k3.h5").model();

        assertThatThrownBy(() -> changed(file, "\"class_name\": \"Conv2D\"", "\"class_name\": \"zoo>Conv2D\""))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining(
                        "2 layers cannot be built exactly: layer 'Faltung ä 1' (zoo>Conv2D): a layer that is not"
                                + " read; layer '最後' (zoo>Conv2D)")
                .hasMessageContaining("Replace them in Keras");
    }

    @Test
    void messageNamesTenLayersAndTheExceptionAll() {
        StringBuilder layers = new StringBuilder();
        for (int i = 0; i < 47; i++) {
            layers.append(", {'class_name': 'Wobble', 'config': {'name': 'w")
                    .append(i)
                    .append("'}}");
        }

        assertThatThrownBy(() -> ofJson(layers.toString()))
                .isInstanceOfSatisfying(UnsupportedModelException.class, e -> assertThat(e.obstacles())
                        .hasSize(47))
                .hasMessageContaining(
                        "layer 'w9' (Wobble): a layer that is not read; and 37 more. Replace them in Keras")
                .hasMessageNotContaining("'w10'");
    }

    @Test
    void singleLayerIsReplacedAlone() {
        assertThatThrownBy(() -> ofJson(", {'class_name': 'Wobble', 'config': {'name': 'w'}}"))
                .hasMessageContaining("1 layer cannot be built exactly: layer 'w' (Wobble): a layer that is not read."
                        + " Replace it in Keras by supported layers and save the model again, or supply it with");
    }

    @Test
    void layersOfKerasHubAreNamedAsSuch() {
        assertThatThrownBy(() -> ofJson(", {'class_name': 'keras_hub>ResNetBackbone', 'config': {'name': 'b'}}"))
                .hasMessageContaining(
                        "layer 'b' (keras_hub>ResNetBackbone): a part of keras_hub, whose layers are not in"
                                + " the file. In Keras, connect the layers themselves and save that");
    }

    /** A sequential model of these layers, without weights. */
    private static void ofJson(String layers) {
        String json =
                "{'class_name': 'Sequential', 'config': {'layers': [{'class_name': 'InputLayer', 'config': {'name':"
                        + " 'i', 'batch_input_shape': [null, 4, 4, 3]}}" + layers + "]}}";
        LayerGraph graph = ModelInlining.of(
                ConfigReader.read(
                        new Architecture(json.replace('\'', '"'), Optional.empty()),
                        List.of(),
                        ReadLimits.standard().config(),
                        LayerKinds::isLayerWithoutSettings),
                100);
        ShapeInference.of(graph);
    }

    /** The file's model, with another text in its configuration. */
    private static void changed(Path file, String text, String other) throws IOException {
        try (KerasArchive archive = FileFormat.open(file, ReadLimits.standard().files())) {
            String config = archive.config().replace(text, other);
            assertThat(config).isNotEqualTo(archive.config());
            KerasReader.STANDARD.load(new Architecture(config, archive.kerasVersion()), file);
        }
    }
}
