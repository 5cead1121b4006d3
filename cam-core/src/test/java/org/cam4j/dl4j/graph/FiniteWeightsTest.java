package org.cam4j.dl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;

class FiniteWeightsTest {

    private final ComputationGraph graph = TestNetworks.gap(CNN2DFormat.NHWC);

    private void set(String layer, String name, long index, float value) {
        graph.getLayer(layer).getParam(name).putScalar(index, value);
    }

    /** Behind a rectifier, a NaN of the first two would become a 0 like any other. */
    @ParameterizedTest
    @CsvSource({
        "conv1, W, NaN, NaN",
        "conv1, b, NaN, NaN",
        "conv3, W, Infinity, Infinity",
        "conv3, b, -Infinity, -Infinity",
        "predictions, W, NaN, NaN"
    })
    void aWeightThatIsNotFiniteIsRefused(String layer, String name, float value, String said) {
        set(layer, name, 1, value);

        assertThatThrownBy(() -> ClassActivationMapper.of(graph)
                        .inputSize(TestNetworks.HEIGHT, TestNetworks.WIDTH)
                        .build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll(
                        "layer '" + layer + "' has weights that are not finite, 1 of the ",
                        " in '" + name + "', " + said + " the first",
                        "take an earlier checkpoint");
    }

    @Test
    void aBatchNormalizationOfAVarianceBelowZeroIsRefused() {
        ComputationGraph normalized = TestNetworks.build(CNN2DFormat.NHWC, head -> head.addLayer(
                        "norm",
                        new BatchNormalization.Builder()
                                .dataFormat(CNN2DFormat.NHWC)
                                .useLogStd(false)
                                .build(),
                        "conv3")
                .addLayer("gap", TestNetworks.averagePooling(), "norm")
                .addLayer("predictions", TestNetworks.dense(TestNetworks.CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
        normalized.getLayer("norm").getParam("var").putScalar(2, -1);

        assertThatThrownBy(() -> GapClassifier.find(normalized, TestNetworks.HEIGHT, TestNetworks.WIDTH))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll(
                        "batch normalization 'norm' multiplies channel 2 by NaN and adds NaN", "a variance above 0");
    }

    @Test
    void infinitiesThatCancelAreSeen() {
        set("conv1", "W", 3, Float.POSITIVE_INFINITY);
        set("conv1", "W", 5, Float.NEGATIVE_INFINITY);

        assertThatThrownBy(() -> FiniteWeights.require(graph, List.of("predictions")))
                .hasMessageContaining("2 of the ");
    }

    @Test
    void largeWeightsWhoseSumOverflowsAreNotRefused() {
        set("conv1", "W", 3, Float.MAX_VALUE);
        set("conv1", "W", 5, Float.MAX_VALUE);

        assertThatCode(() -> FiniteWeights.require(graph, List.of("predictions")))
                .doesNotThrowAnyException();
    }

    @Test
    void weightsThatAnOutputDoesNotDependOnDoNotCount() {
        set("conv3", "W", 0, Float.NaN);

        assertThatCode(() -> FiniteWeights.require(graph, List.of("conv1"))).doesNotThrowAnyException();
    }

    @Test
    void theWeightsStayAsTheyAre() {
        float[] before = graph.params().toFloatVector();

        FiniteWeights.require(graph, List.of("predictions"));

        assertThat(graph.params().toFloatVector()).containsExactly(before);
    }
}
