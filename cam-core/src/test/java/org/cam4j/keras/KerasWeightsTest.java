package org.cam4j.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.Golden;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class KerasWeightsTest {

    private static final double TOLERANCE = 1e-5;
    private static final Golden GOLDEN = Golden.of("flat_vgg", "k2.h5");

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
                .hasMessageContaining("'prelu' (PReLULayer)");
    }

    @Test
    void weightsAloneAreNoModel() {
        assertThatThrownBy(() -> KerasModels.read(file("k3.weights.h5")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("read it with KerasWeights");
    }

    private static Path file(String name) {
        return Golden.resource("/keras/models/flat_vgg/" + name);
    }
}
