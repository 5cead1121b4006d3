package org.cam4j.dl4j.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cam4j.dl4j.layers.ElementwiseActivation.Function;
import org.cam4j.plan.operation.Elementwise;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every layer promises: exact gradients, survival of saving, equality by value. Values are compared with Keras elsewhere. */
class LayersTest {

    private static final int MAP = LayerGraphs.HEIGHT * LayerGraphs.WIDTH * LayerGraphs.CHANNELS;

    private static Stream<Named<Supplier<ComputationGraph>>> layers() {
        return Stream.of(
                named("gate of a row", () -> broadcast(Elementwise.Kind.MULTIPLY, "a", "row")),
                named("gate first", () -> broadcast(Elementwise.Kind.MULTIPLY, "row", "a")),
                named("gate of three", () -> broadcast(Elementwise.Kind.MULTIPLY, "a", "row", "b")),
                named("add", () -> broadcast(Elementwise.Kind.ADD, "a", "row")),
                named("subtract", () -> broadcast(Elementwise.Kind.SUBTRACT, "row", "a")),
                named("maximum", () -> broadcast(Elementwise.Kind.MAXIMUM, "a", "b", "row")),
                named("minimum", () -> broadcast(Elementwise.Kind.MINIMUM, "a", "b")),
                named("rescaling", () -> map(new ChannelAffineVertex(new float[] {0.5f}, new float[] {-1}))),
                named(
                        "rescaling each",
                        () -> map(new ChannelAffineVertex(new float[] {1, 2, 3, 4}, new float[] {4, 3, 2, 1}))),
                named("scaled sum", () -> LayerGraphs.of(new ScaledSumVertex(0.17), MAP, "a", "b")),
                named("permute", () -> map(new PermuteVertex(3, 1, 2))),
                named("channel order", () -> map(new ChannelOrderVertex(2, 0, 3, 1))),
                named("resize up", () -> resize(9, 7, ResizeVertex.Interpolation.BILINEAR)),
                named("resize down", () -> resize(3, 2, ResizeVertex.Interpolation.BILINEAR)),
                named("resize nearest", () -> resize(7, 3, ResizeVertex.Interpolation.NEAREST)),
                named("unit length", () -> map(new UnitNormalizationVertex(1e-12))),
                named("quotient", () -> LayerGraphs.of(new QuotientVertex(), MAP, "a", "b")),
                named("quotient by a row", () -> LayerGraphs.of(new QuotientVertex(), MAP, "a", "row")),
                named("quotient of a row", () -> LayerGraphs.of(new QuotientVertex(), MAP, "row", "a")),
                named("channel scale", () -> LayerGraphs.of(new ChannelScale(4), MAP)),
                named("layer normalization", () -> LayerGraphs.of(new LayerNormalization(4, 1e-3, true, true), MAP)),
                named(
                        "layer normalization without scale",
                        () -> LayerGraphs.of(new LayerNormalization(4, 1e-3, false, true), MAP)),
                named(
                        "layer normalization without parameters",
                        () -> LayerGraphs.of(new LayerNormalization(4, 1e-3, false, false), MAP)),
                named("means of channels", () -> reduction(5 * 4, ReductionVertex.Kind.AVERAGE, 3)),
                named("means of rows", () -> reduction(4 * 4, ReductionVertex.Kind.AVERAGE, 1)),
                named("maxima of channels", () -> reduction(5 * 4, ReductionVertex.Kind.MAXIMUM, 3)),
                named("maxima of columns and channels", () -> reduction(5, ReductionVertex.Kind.MAXIMUM, 2, 3)),
                named("slice of channels", () -> LayerGraphs.of(new ChannelSliceVertex(1, 2), MAP / 2, "a")),
                named("group normalization", () -> LayerGraphs.of(new GroupNormalization(4, 2, 1e-3, true, true), MAP)),
                named(
                        "group normalization without parameters",
                        () -> LayerGraphs.of(new GroupNormalization(4, 4, 1e-3, false, false), MAP)),
                named("groups", () -> LayerGraphs.of(grouped(ConvolutionMode.Same, 1), 5 * 4 * 6)),
                named("groups with stride", () -> LayerGraphs.of(grouped(ConvolutionMode.Truncate, 2), 2 * 2 * 6)),
                named("transposed", () -> LayerGraphs.of(transposed(ConvolutionMode.Same), 10 * 12 * 3)),
                named("transposed valid", () -> LayerGraphs.of(transposed(ConvolutionMode.Truncate), 11 * 12 * 3)));
    }

    private static Named<Supplier<ComputationGraph>> named(String name, Supplier<ComputationGraph> graph) {
        return Named.of(name, graph);
    }

    private static ComputationGraph broadcast(Elementwise.Kind operation, String... inputs) {
        return LayerGraphs.of(new BroadcastVertex(operation), MAP, inputs);
    }

    private static ComputationGraph map(StatelessVertex vertex) {
        return LayerGraphs.of(vertex, MAP, "a");
    }

    private static ComputationGraph reduction(int outputs, ReductionVertex.Kind kind, int... axes) {
        return LayerGraphs.of(new ReductionVertex(kind, axes), outputs, "a");
    }

    private static ComputationGraph resize(int height, int width, ResizeVertex.Interpolation interpolation) {
        return LayerGraphs.of(
                new ResizeVertex(height, width, interpolation), height * width * LayerGraphs.CHANNELS, "a");
    }

    private static Layer grouped(ConvolutionMode mode, int stride) {
        return new GroupedConvolution2D.Builder(2)
                .kernelSize(3, 2)
                .stride(stride, stride)
                .convolutionMode(mode)
                .nIn(4)
                .nOut(6)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer transposed(ConvolutionMode mode) {
        return new TransposedConvolution2D.Builder()
                .kernelSize(3, 2)
                .stride(2, 3)
                .convolutionMode(mode)
                .nIn(4)
                .nOut(3)
                .hasBias(mode == ConvolutionMode.Same)
                .activation(Activation.TANH)
                .build();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void gradientsAreDifferenceQuotients(Supplier<ComputationGraph> graph) {
        assertThat(LayerGraphs.gradientError(graph.get())).isLessThan(1e-5);
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void gradientsOfActivationsAreDifferenceQuotients(Function function) {
        assertThat(LayerGraphs.gradientError(LayerGraphs.of(new ElementwiseActivation(function))))
                .isLessThan(1e-5);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void restoredGraphComputesTheSame(Supplier<ComputationGraph> made) {
        ComputationGraph graph = made.get();

        ComputationGraph restored = LayerGraphs.savedAndRestored(graph);

        INDArray image = LayerGraphs.image();
        assertThat(restored.output(image)[0]).isEqualTo(graph.output(image)[0]);
        assertThat(restored.getConfiguration()).isEqualTo(graph.getConfiguration());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void inputsAreNotModified(Supplier<ComputationGraph> made) {
        ComputationGraph graph = made.get();
        INDArray image = LayerGraphs.image();
        ComputationGraph copying = LayerGraphs.of(new ScaleVertex(1.0), MAP, "a");
        copying.getLayer("a").setParams(graph.getLayer("a").params());

        INDArray convolved = graph.feedForward(image, false).get("a");

        assertThat(convolved).isEqualTo(copying.feedForward(image, false).get("a"));
    }

    @ParameterizedTest
    @EnumSource(Function.class)
    void activationsSurviveSaving(Function function) {
        ComputationGraph graph = LayerGraphs.of(new ElementwiseActivation(function));

        ComputationGraphConfiguration read =
                ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson());

        assertThat(read).isEqualTo(graph.getConfiguration());
    }

    @Test
    void boundsHaveExactGradientsAndSurviveSaving() {
        ComputationGraph graph = LayerGraphs.of(new ClippedActivation(-0.4f, 0.7f));

        assertThat(LayerGraphs.gradientError(graph)).isLessThan(1e-5);
        assertThat(ComputationGraphConfiguration.fromJson(
                        graph.getConfiguration().toJson()))
                .isEqualTo(graph.getConfiguration());
    }

    @Test
    void settingsTellLayersApart() {
        assertThat(new ScaledSumVertex(0.1))
                .isEqualTo(new ScaledSumVertex(0.1))
                .isNotEqualTo(new ScaledSumVertex(0.2))
                .hasToString("ScaledSumVertex[0.1]");
        assertThat(new PermuteVertex(1, 3, 2)).isNotEqualTo(new PermuteVertex(2, 3, 1));
        assertThat(new LayerNormalization(4, 1e-3, true, true))
                .isNotEqualTo(new LayerNormalization(4, 1e-5, true, true));
    }

    @Test
    void wrongSettingsAreRefused() {
        assertThatThrownBy(() -> new PermuteVertex(1, 1, 2)).hasMessageContaining("axes must be 1, 2 and 3");
        assertThatThrownBy(() -> new ChannelOrderVertex(0, 2)).hasMessageContaining("order must name each");
        assertThatThrownBy(() -> new ResizeVertex(0, 1, ResizeVertex.Interpolation.NEAREST))
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new LayerNormalization(4, -1, true, true)).hasMessageContaining("epsilon");
        assertThatThrownBy(() -> new ReductionVertex(ReductionVertex.Kind.AVERAGE, 2, 1))
                .hasMessageContaining("ascending");
        assertThatThrownBy(() -> new ChannelSliceVertex(0, 0)).hasMessageContaining("at least one channel");
        assertThatThrownBy(() -> new ClippedActivation(1, 0)).hasMessageContaining("none is between");
        assertThatThrownBy(() -> new GroupNormalization(6, 4, 1e-3, true, true)).hasMessageContaining("divide");
        assertThatThrownBy(() -> new GroupedConvolution2D.Builder(0)).hasMessageContaining("groups");
    }

    @Test
    void shapesThatDoNotBroadcastAreRefused() {
        INDArray a = Nd4j.zeros(DataType.FLOAT, 1, 4, 4, 2);
        INDArray b = Nd4j.zeros(DataType.FLOAT, 1, 3, 4, 2);

        assertThatThrownBy(() -> new BroadcastVertex(Elementwise.Kind.ADD).forward(a, b))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not broadcast");
    }

    @Test
    void vectorMeetsEveryCellOfAMap() {
        INDArray map = Nd4j.ones(DataType.FLOAT, 2, 3, 3, 2);
        INDArray vector = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}});

        INDArray gated = new BroadcastVertex(Elementwise.Kind.MULTIPLY).forward(map, vector);

        assertThat(gated.getFloat(0, 2, 1, 1)).isEqualTo(2);
        assertThat(gated.getFloat(1, 0, 2, 0)).isEqualTo(3);
    }
}
