package org.cam4j.keras.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import org.cam4j.dl4j.layers.ChannelAffineVertex;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizationKindTest {

    private static GraphVertex vertex(float mean, float variance) {
        LayerConfig config = new LayerConfig(
                "norm", "Normalization", JsonNodeFactory.instance.objectNode().put("axis", -1));
        TensorShape each = TensorShape.of(2);
        return new NormalizationKind()
                .vertex(
                        config,
                        List.of(TensorShape.of(4, 4, 2)),
                        Map.of(
                                "mean", new WeightTensor(each, new float[] {0.5f, mean}),
                                "variance", new WeightTensor(each, new float[] {4, variance})));
    }

    @Test
    void aConstantChannelIsNotDividedByZero() {
        // Keras: (x - mean) / max(sqrt(variance), 1e-7).
        assertThat(((ChannelAffineVertex) vertex(0, 0)).getScale()).containsExactly(0.5f, 1e7f);
    }

    /** Its outputs would be NaN in Keras, and 0 behind a rectifier here. */
    @ParameterizedTest
    @CsvSource({"NaN, 1", "0, NaN", "0, -1", "Infinity, 1"})
    void statisticsThatAreNotFiniteAreRefused(float mean, float variance) {
        assertThatThrownBy(() -> vertex(mean, variance))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll(
                        "layer 'norm' (Normalization) has the mean ", " and the variance ", "expected finite numbers");
    }
}
