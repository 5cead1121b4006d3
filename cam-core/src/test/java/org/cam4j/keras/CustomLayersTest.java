package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cam4j.dl4j.layers.ChannelScale;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.Golden;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The model has a Lambda {@code halve} (v / 2 - 1) and a registered layer {@code zoo>Wobble} (x · amount + power). */
class CustomLayersTest {

    private static final Golden GOLDEN = Golden.keras2("layers_custom");

    private static final CustomLayer HALVE = CustomLayer.like("Rescaling", Map.of("scale", 0.5, "offset", -1));

    /** Without the power, which the vertex of this test leaves out. */
    private static class Amount implements CustomLayer {

        @Override
        public GraphVertex vertex(Map<String, Object> config, List<long[]> inputs) {
            assertThat(config).containsEntry("power", 0.5);
            assertThat(inputs).containsExactly(new long[] {4, 3, 4});
            return new LayerVertex(
                    new NeuralNetConfiguration.Builder()
                            .layer(new ChannelScale(4))
                            .build(),
                    null);
        }

        @Override
        public Map<String, long[]> weights(Map<String, Object> config, List<long[]> inputs) {
            return Map.of("amount", new long[] {inputs.get(0)[2]});
        }

        @Override
        public Map<String, INDArray> parameters(Map<String, INDArray> weights) {
            return Map.of("gamma", weights.get("amount"));
        }
    }

    @Test
    void layersOfTheApplicationAreBuiltByTheirClassAndByTheirName() {
        KerasReader custom =
                KerasModels.reader().withLayer("zoo>Wobble", new Amount()).withLayer("halve", HALVE);

        ComputationGraph graph = custom.load(GOLDEN.model()).graph();

        INDArray wobbled = graph.feedForward(GOLDEN.x(), false).get("wobble");
        assertThat(Golden.distance(wobbled.add(0.5), GOLDEN.activation())).isLessThan(1e-5);
    }

    @Test
    void oneOfKerasLayersMayStandForACustomOne() {
        KerasReader custom = KerasModels.reader()
                .withLayer("Wobble", CustomLayer.like("Dropout", Map.of()))
                .withLayer("halve", HALVE);

        ComputationGraph graph = custom.load(GOLDEN.model()).graph();

        assertThat(graph.getVertex("wobble")).isNull();
        assertThat(graph.getVertex("halve")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf_keras", "keras", "tensorflow.python.keras"})
    void preprocessingOfKerasIsKnownByItsModule(String keras, @TempDir Path folder) throws IOException {
        Golden golden = Golden.keras2("layers_preprocessing_lambdas");

        ComputationGraph graph = KerasModels.reader()
                .withWeights(golden.model())
                .read(architecture(golden, keras + ".applications.", folder));

        assertThat(Golden.distance(graph.output(golden.x())[0], golden.y())).isLessThan(1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"my_keras", "zoo.keras", "keras.zoo", "kerasx"})
    void preprocessingOfAModuleThatIsCalledAlikeIsNot(String module, @TempDir Path folder) throws IOException {
        Golden golden = Golden.keras2("layers_preprocessing_lambdas");
        Path architecture = architecture(golden, module + ".applications.", folder);

        assertThatThrownBy(
                        () -> KerasModels.reader().withWeights(golden.model()).read(architecture))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("5 layers cannot be built")
                .hasMessageContaining("layer 'vgg' (Lambda): Python code, which is not run");
    }

    /** The model's architecture with its functions from another package. */
    private static Path architecture(Golden golden, String applications, Path folder) throws IOException {
        try (HdfFile file = new HdfFile(golden.model())) {
            String config = (String) file.getAttribute("model_config").getData();
            assertThat(config).contains("tf_keras.src.applications.");
            return Files.writeString(
                    folder.resolve("model.json"), config.replace("tf_keras.src.applications.", applications));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k3.h5", "k3.keras"})
    void preprocessingWhoseNetworkTheFileDoesNotNameIsSupplied(String format) {
        Golden golden = Golden.of("layers_preprocessing_lambdas", format);
        KerasReader custom = KerasModels.reader()
                .withLayer("vgg", CustomLayer.preprocessInput("caffe"))
                .withLayer("mobilenet", CustomLayer.preprocessInput("tf"))
                .withLayer("densenet", CustomLayer.preprocessInput("torch"))
                .withLayer("chosen", CustomLayer.preprocessInput("torch"));

        assertThatThrownBy(() -> custom.load(golden.model()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("1 layer cannot be built")
                .hasMessageContaining(
                        "layer 'efficientnet' (Lambda): preprocess_input of a network that the file does not"
                                + " name; supply CustomLayer.preprocessInput");

        KerasReader all =
                custom.withLayer("efficientnet", CustomLayer.like("Activation", Map.of("activation", "linear")));
        ComputationGraph graph = all.load(golden.model()).graph();
        assertThat(Golden.distance(graph.output(golden.x())[0], golden.y())).isLessThan(1e-5);
        assertThat(Golden.distance(graph.feedForward(golden.x(), false).get(golden.layer()), golden.activation()))
                .isLessThan(1e-5);
    }

    @Test
    void preprocessingOfAModeThatKerasHasNotIsRefused() {
        assertThatThrownBy(() -> CustomLayer.preprocessInput("coffee"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'coffee': expected one of");
    }

    @Test
    void whatIsNotSuppliedIsStillRefused() {
        KerasReader custom = KerasModels.reader().withLayer("halve", HALVE);

        assertThatThrownBy(() -> custom.load(GOLDEN.model()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("1 layer cannot be built")
                .hasMessageContaining("layer 'wobble' (zoo>Wobble)");
    }

    @Test
    void parametersThatNoWeightsFillAreRefused() {
        KerasReader custom = KerasModels.reader()
                .withLayer("halve", HALVE)
                .withLayer("wobble", (config, inputs) -> new Amount().vertex(config, inputs));

        assertThatThrownBy(() -> custom.load(GOLDEN.model()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("layer 'wobble' is built with the parameters [gamma]");
    }

    @Test
    void weightsOfAnotherShapeAreRefused() {
        CustomLayer wrong = new Amount() {
            @Override
            public Map<String, long[]> weights(Map<String, Object> config, List<long[]> inputs) {
                return Map.of("amount", new long[] {5});
            }
        };
        KerasReader custom = KerasModels.reader().withLayer("halve", HALVE).withLayer("wobble", wrong);

        assertThatThrownBy(() -> custom.load(GOLDEN.model()))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(
                        "'amount' of layer 'wobble' (zoo>Wobble) has the shape [4] in the file, expected [5]");
    }

    @Test
    void failureOfASuppliedLayerSaysWhichLayerItWas() {
        KerasReader custom = KerasModels.reader().withLayer("halve", HALVE).withLayer("wobble", (config, inputs) -> {
            throw new IllegalStateException("no such thing");
        });

        assertThatThrownBy(() -> custom.load(GOLDEN.model()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("the custom layer supplied for layer 'wobble' (zoo>Wobble) failed")
                .hasMessageContaining("no such thing");
    }
}
