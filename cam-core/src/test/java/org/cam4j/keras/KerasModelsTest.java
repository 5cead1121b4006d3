package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.classifier.Classifier;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.Golden;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class KerasModelsTest {

    @TempDir
    private Path folder;

    private static final double TOLERANCE = 1e-5;

    @Test
    void whatWorksAlongTheColumnsOfAModelWithChannelsFirstIsRefused() {
        String input = "{'class_name': 'InputLayer', 'config': {'name': 'i', 'batch_input_shape': [null, 3, 8, 8]}}, "
                + "{'class_name': 'MaxPooling2D', 'config': {'name': 'p', 'pool_size': 2, 'data_format': 'channels_first'}}";
        Map<String, String> layers = Map.of(
                "Dense", "'units': 4",
                "Activation", "'activation': 'softmax'",
                "Rescaling", "'scale': [1, 2, 3, 4]",
                "Permute", "'dims': [2, 1, 3]",
                "Resizing", "'height': 4, 'width': 4",
                "LayerScale", "'projection_dim': 4",
                "LayerNormalization", "'axis': [3]");
        layers.forEach((className, config) -> {
            String layer = "{'class_name': '" + className + "', 'config': {'name': 'last', " + config + "}}";
            Path file = folder.resolve(className + ".h5");
            try (WritableHdfFile written = HdfFile.write(file)) {
                written.putAttribute(
                        "model_config",
                        ("{'class_name': 'Sequential', 'config': [" + input + ", " + layer + "]}").replace('\'', '"'));
            }

            assertThatThrownBy(() -> KerasModels.read(file))
                    .as(className)
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining("layer 'last'");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2.keras", "k3.keras"})
    void layersAreCalledWhatKerasCallsThem(String file) {
        ImportedModel model =
                KerasModels.load(Golden.of("layers_kept_ratio", file).model());

        assertThat(model.layers())
                .filteredOn(layer -> layer.name().matches("square|conv|dense|gap|classes"))
                .extracting(ImportedLayer::className)
                .containsExactly("Resizing", "Conv2D", "Dense", "GlobalAveragePooling2D", "Dense");
    }

    @Test
    void cellsThatOnlyChangedTheirOrderBeforeThePoolingArePooledAsTheirMap() {
        for (String file : new String[] {"k2.keras", "k3.keras"}) {
            Golden golden = Golden.of("layers_pooled_reshape", file);

            assertThat(parts(KerasModels.read(golden.model()), golden).features())
                    .isEqualTo("conv");
        }
    }

    @Test
    void rowsOfCellsArePooledAsTheirMap() {
        for (String file : new String[] {"k2.keras", "k3.keras"}) {
            Golden golden = Golden.of("layers_reductions", file);

            assertThat(parts(KerasModels.read(golden.model()), golden).features())
                    .isEqualTo("last");
        }
    }

    @Test
    void piecesThatAreNotReadAreRefusedInWords() {
        String padding = "compat.v1.pad', 'paddings': [[0, 0], [1, 1], [1, 1], [0, 0]]";
        Map<String, String> calls = Map.of(
                "__operators__.getitem', 'slice_spec': [{'class_name': '__ellipsis__'}, {'start': null, 'stop': null, 'step': 2}]",
                "a step of 2",
                "__operators__.getitem', 'slice_spec': [{'start': 1, 'stop': null, 'step': null}]",
                "some images of a batch",
                "split', 'num_or_size_splits': 2, 'axis': 0",
                "along axis 0",
                "split', 'num_or_size_splits': 5, 'axis': 3",
                "4 entries in 5 parts",
                "math.reduce_mean', 'axis': null",
                "the axes of one image",
                padding + ", 'mode': 'REFLECT'",
                "in the mode 'reflect'",
                padding + ", 'constant_values': 2",
                "pads with 2, not zeros",
                "compat.v1.pad', 'paddings': [[0, 0], [0, 0], [0, 0], [2, 2]]",
                "rows and columns of maps are padded");
        calls.forEach((call, reason) -> {
            int end = call.indexOf("', ");
            String arguments = call.substring(end + 3);
            Path file = folder.resolve("called" + Math.floorMod(call.hashCode(), 100_000) + ".h5");
            String model =
                    "{'class_name': 'Functional', 'config': {'layers': [{'class_name': 'InputLayer', 'name': 'i',"
                            + " 'config': {'name': 'i', 'batch_input_shape': [null, 8, 8, 4]}, 'inbound_nodes': []},"
                            + " {'class_name': 'TFOpLambda', 'name': 'called', 'config': {'name': 'called', 'function': '"
                            + call.substring(0, end) + "'}, 'inbound_nodes': [['i', 0, 0, {" + arguments
                            + "}]]}], 'input_layers': [['i', 0, 0]], 'output_layers': [['called', 0, 0]]}}";
            try (WritableHdfFile written = HdfFile.write(file)) {
                written.putAttribute("model_config", model.replace('\'', '"'));
            }

            assertThatThrownBy(() -> KerasModels.read(file))
                    .as(call)
                    .isInstanceOf(UnsupportedModelException.class)
                    .hasMessageContaining("layer 'called'")
                    .hasMessageContaining(reason);
        });
    }

    private static Classifier parts(ComputationGraph graph, Golden golden) {
        int height = (int) golden.x().size(1);
        int width = (int) golden.x().size(2);
        return GapClassifier.find(graph, height, width).parts();
    }

    @Test
    void gatesAndMeansAsPoolingDoNotHideTheHead() {
        for (String file : new String[] {"k2.h5", "k3.keras"}) {
            Golden golden = Golden.of("layers_mean_head", file);
            ComputationGraph graph = KerasModels.read(golden.model());

            Classifier classifier = parts(graph, golden);

            assertThat(classifier.head()).isEqualTo("classes");
            assertThat(graph.getVertex(classifier.features()))
                    .hasToString(classifier.features() + ": BroadcastVertex[MULTIPLY]");
        }
    }

    @Test
    void normalizationBetweenPoolingAndHeadIsHeld() {
        Golden golden = Golden.keras2("layers_normalizations");
        ComputationGraph graph = KerasModels.read(golden.model());

        Classifier classifier = parts(graph, golden);

        assertThat(classifier.linearHead()).isEmpty();
        assertThat(classifier.head()).isEqualTo("logits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "layers_convolutions",
                "layers_keepdims",
                "layers_merges",
                "layers_normalizations",
                "layers_preprocessing_lambdas",
                "layers_reshapes",
                "layers_sizes",
                "mini_se",
                "nested_deep"
            })
    void layersHaveTheShapesAndParametersOfTheGraph(String name) {
        Golden golden = Golden.keras2(name);

        ImportedModel model = KerasModels.load(golden.model());

        Map<String, INDArray> activations = model.graph().feedForward(golden.x(), false);
        for (ImportedLayer layer : model.layers()) {
            long[] shape = activations.get(layer.name()).shape();
            assertThat(layer.shape())
                    .as(layer.name())
                    .extracting(Integer::longValue)
                    .containsExactlyElementsOf(
                            Arrays.stream(shape).skip(1).boxed().toList());
            org.deeplearning4j.nn.api.Layer built = model.graph().getLayer(layer.name());
            // DL4J has scale and offset of a normalization also where Keras has none.
            if (built != null && !layer.className().equals("BatchNormalization")) {
                assertThat(layer.parameters()).as(layer.name()).isEqualTo(built.numParams());
            }
        }
        assertThat(model.layers()).extracting(ImportedLayer::name).containsAll(model.outputs());
    }

    @Test
    void modelWithChannelsFirstTakesImagesWithChannelsLast() {
        Golden golden = Golden.keras2("mini_chfirst");

        ComputationGraph graph = KerasModels.read(golden.model());

        INDArray images = golden.x().permute(0, 2, 3, 1).dup('c');
        INDArray activation = graph.feedForward(images, false).get(golden.layer());
        assertThat(Golden.distance(graph.output(images)[0], golden.y())).isLessThan(TOLERANCE);
        assertThat(Golden.distance(activation.permute(0, 3, 1, 2), golden.activation()))
                .isLessThan(TOLERANCE);
    }

    @Test
    void allLayersThatCannotBeBuiltExactlyAreNamedInOneMessage() {
        Path file = Golden.resource("/keras/models/layers_unsupported/k2.h5");

        assertThatThrownBy(() -> KerasModels.read(file))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("4 layers cannot be built exactly")
                .hasMessageContaining("layer 'halve' (Lambda): Python code, which is not run")
                .hasMessageContaining("layer 'wobble' (zoo>Wobble): a layer that is not read")
                .hasMessageContaining("layer 'tf.math.cumsum' (function math.cumsum): a layer that is not read")
                .hasMessageContaining("layer 'bicubic' (Resizing): interpolation 'bicubic'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mini_gap",
                "layers_activations",
                "layers_merges",
                "layers_reshapes",
                "layers_gates",
                "layers_more_activations",
                "layers_normalizations",
                "layers_convolutions",
                "layers_sizes",
                "layers_preprocessing"
            })
    void graphSurvivesBeingSavedAndRestored(String name, @TempDir Path folder) throws IOException {
        Golden golden = Golden.keras2(name);
        ComputationGraph graph = KerasModels.read(golden.model());
        Path saved = folder.resolve("graph.zip");

        ModelSerializer.writeModel(graph, saved.toFile(), false);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(saved.toFile());

        assertThat(restored.output(golden.x())[0]).isEqualTo(graph.output(golden.x())[0]);
    }

    @Test
    void concurrentCallsGiveTheBitsOfOneCall() throws InterruptedException, ExecutionException {
        Golden golden = Golden.keras2("layers_merges");
        ComputationGraph graph = KerasModels.read(golden.model());
        INDArray expected = graph.output(golden.x())[0].dup();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<INDArray>> outputs = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                outputs.add(threads.submit(() -> graph.output(golden.x().dup())[0].dup()));
            }
            for (Future<INDArray> output : outputs) {
                assertThat(output.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void filesAreReadConcurrently() throws InterruptedException, ExecutionException {
        Golden golden = Golden.keras2("layers_merges");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<ComputationGraph>> graphs = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                graphs.add(threads.submit(() -> KerasModels.read(golden.model())));
            }
            for (Future<ComputationGraph> graph : graphs) {
                assertThat(Golden.distance(graph.get().output(golden.x())[0], golden.y()))
                        .isLessThan(TOLERANCE);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void layersThatActOnlyInTrainingAreLeftOut() {
        ComputationGraph graph = KerasModels.read(Golden.keras2("layers_merges").model());

        assertThat(graph.getVertices())
                .extracting(vertex -> vertex.getVertexName())
                .contains("a", "depthwise", "gap", "classes")
                .doesNotContain("flip", "dropout2d", "noise", "dropout");
    }
}
