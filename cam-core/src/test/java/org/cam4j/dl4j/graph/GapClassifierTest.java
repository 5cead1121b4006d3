package org.cam4j.dl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cam4j.testing.TestNetworks.CHANNELS;
import static org.cam4j.testing.TestNetworks.CLASSES;
import static org.cam4j.testing.TestNetworks.HEIGHT;
import static org.cam4j.testing.TestNetworks.WIDTH;
import static org.cam4j.testing.TestNetworks.averagePooling;
import static org.cam4j.testing.TestNetworks.build;
import static org.cam4j.testing.TestNetworks.convolution;
import static org.cam4j.testing.TestNetworks.dense;
import static org.cam4j.testing.TestNetworks.output;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cam4j.Activations;
import org.cam4j.ClassActivationMapper;
import org.cam4j.classifier.Classifier;
import org.cam4j.classifier.LinearHead;
import org.cam4j.classifier.OutputActivation;
import org.cam4j.dl4j.layers.ChannelSliceVertex;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

class GapClassifierTest {

    private static final CNN2DFormat NHWC = CNN2DFormat.NHWC;

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void findsThePartsOfAPlainClassifierInEitherLayout(CNN2DFormat format) {
        ComputationGraph graph = TestNetworks.gap(format);

        GapClassifier found = GapClassifier.find(graph, HEIGHT, WIDTH);

        assertThat(found.format()).isEqualTo(format);
        assertThat(found.inputChannels()).isEqualTo(3);
        Classifier parts = found.parts();
        assertThat(parts.lastConvolution()).isEqualTo("conv3");
        assertThat(parts.features()).isEqualTo("conv3");
        assertThat(parts.pooling()).isEqualTo("gap");
        assertThat(parts.head()).isEqualTo("predictions");
        assertThat(parts.activation()).isEqualTo(OutputActivation.SOFTMAX);
        assertThat(parts.requireLinear().weights())
                .containsExactly(graph.getParam("predictions_W").dup('c').data().asFloat());
        assertThat(parts.requireLinear().bias())
                .containsExactly(graph.getParam("predictions_b").toFloatVector());
    }

    static Stream<Arguments> heads() {
        Map<String, UnaryOperator<GraphBuilder>> heads = new LinkedHashMap<>();
        heads.put("dense, softmax fused", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
        heads.put("dense, softmax separate", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.IDENTITY), "gap")
                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "predictions")
                .setOutputs("softmax"));
        heads.put("dense, sigmoid", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.SIGMOID), "gap")
                .setOutputs("predictions"));
        heads.put("dense, no activation", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.IDENTITY), "gap")
                .setOutputs("predictions"));
        heads.put("DL4J's output layer", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", output(CHANNELS, Activation.SOFTMAX, LossFunction.MCXENT), "gap")
                .setOutputs("predictions"));
        heads.put("dense and loss layer", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.IDENTITY), "gap")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "predictions")
                .setOutputs("loss"));
        heads.put("dropout all over", head -> head.addLayer("drop1", new DropoutLayer(0.5), "conv3")
                .addLayer("gap", averagePooling(), "drop1")
                .addLayer("drop2", new DropoutLayer(0.5), "gap")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "drop2")
                .setOutputs("predictions"));
        heads.put("average pooling over the whole map, flattened", head -> head.addLayer(
                        "gap",
                        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                                .kernelSize(6, 5)
                                .stride(6, 5)
                                .build(),
                        "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
        heads.put("1x1 convolution, then pooling", head -> head.addLayer(
                        "classes", convolution(1, CHANNELS, CLASSES, NHWC, Activation.IDENTITY), "conv3")
                .addLayer("gap", averagePooling(), "classes")
                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "gap")
                .setOutputs("softmax"));
        heads.put("rectified convolution to classes, then pooling", head -> head.addLayer(
                        "classes", convolution(1, CHANNELS, CLASSES, NHWC, Activation.RELU), "conv3")
                .addLayer("gap", averagePooling(), "classes")
                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "gap")
                .setOutputs("softmax"));
        heads.put("branches side by side", head -> head.addLayer(
                        "branch", convolution(1, CHANNELS, 4, NHWC, Activation.TANH), "pool2")
                .addVertex("concat", channels(), "conv3", "branch")
                .addLayer("conv4", convolution(1, CHANNELS + 4, CHANNELS, NHWC, Activation.RELU), "concat")
                .addLayer("gap", averagePooling(), "conv4")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
        heads.put("residual addition with its activation", head -> head.addVertex(
                        "add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv3", "pool2")
                .addLayer("tanh", new ActivationLayer(Activation.TANH), "add")
                .addLayer("gap", averagePooling(), "tanh")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
        heads.put("normalisation and another dense layer", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("bn2", new BatchNormalization(), "gap")
                .addLayer("between", dense(CHANNELS, Activation.IDENTITY), "bn2")
                .addVertex("scaled", new ScaleVertex(0.5), "between")
                .addLayer("predictions", dense(CLASSES, Activation.SOFTMAX), "scaled")
                .setOutputs("predictions"));
        heads.put("normalised class maps", head -> head.addLayer(
                        "classes", convolution(1, CHANNELS, CLASSES, NHWC, Activation.IDENTITY), "conv3")
                .addLayer(
                        "bn2", new BatchNormalization.Builder().dataFormat(NHWC).build(), "classes")
                .addLayer("gap", averagePooling(), "bn2")
                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "gap")
                .setOutputs("softmax"));
        heads.put("normalised logits", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.IDENTITY), "gap")
                .addLayer("bn2", new BatchNormalization(), "predictions")
                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "bn2")
                .setOutputs("softmax"));
        heads.put("sum of two dense layers", head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("first", dense(CHANNELS, Activation.IDENTITY), "gap")
                .addLayer("second", dense(CHANNELS, Activation.IDENTITY), "gap")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Average), "first", "second")
                .addVertex("shifted", new ShiftVertex(0.5), "sum")
                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "shifted")
                .setOutputs("softmax"));
        return heads.entrySet().stream().map(head -> Arguments.of(head.getKey(), head.getValue()));
    }

    /** Joins the channels of NHWC maps. */
    private static MergeVertex channels() {
        MergeVertex merge = new MergeVertex();
        merge.setMergeAxis(3);
        return merge;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void headsGiveTheGraphsOwnProbabilitiesAndTheIdentityHolds(String name, UnaryOperator<GraphBuilder> head) {
        ComputationGraph graph = build(NHWC, head);
        INDArray images = Nd4j.rand(DataType.FLOAT, 3, HEIGHT, WIDTH, 3);

        GapClassifier found = GapClassifier.find(graph, HEIGHT, WIDTH);
        INDArray[] outputs = found.inferenceGraph().output(images);
        INDArray features = outputs[0];
        INDArray logits = outputs[1].reshape(3, CLASSES);

        INDArray scores =
                switch (found.parts().activation()) {
                    case SOFTMAX -> Transforms.softmax(logits, true);
                    case SIGMOID -> Transforms.sigmoid(logits, true);
                    case NONE -> logits;
                };
        INDArray expected = graph.output(images)[0].reshape(3, CLASSES);
        assertThat(scores.sub(expected).norm2Number().doubleValue())
                .isLessThan(1e-6 * expected.norm2Number().doubleValue());

        LinearHead linear = found.parts().requireLinear();
        INDArray weights = Nd4j.createFromArray(linear.weights()).reshape('c', linear.channels(), linear.classes());
        INDArray identity = features.mean(1, 2).mmul(weights).addRowVector(Nd4j.createFromArray(linear.bias()));
        assertThat(identity.sub(logits).norm2Number().doubleValue())
                .isCloseTo(0, within(1e-5 * logits.norm2Number().doubleValue()));
    }

    /** In either layout, with and without a plan. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void pooledMapsOfOneSizeAreOneMapSideBySide(CNN2DFormat format) {
        ComputationGraph graph = build(format, head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("branch", convolution(1, CHANNELS, 4, format, Activation.RATIONALTANH), "pool2")
                .addLayer("gap2", averagePooling(), "branch")
                .addVertex("joined", new MergeVertex(), "gap", "gap2")
                .addLayer("predictions", dense(CHANNELS + 4, Activation.SOFTMAX), "joined")
                .setOutputs("predictions"));
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, HEIGHT, WIDTH, 3);

        try (ClassActivationMapper mapper =
                ClassActivationMapper.of(graph).inputSize(HEIGHT, WIDTH).build()) {
            assertThat(mapper.engine()).contains("DL4J", "rationaltanh");
            Activations activations = mapper.activations(images);
            INDArray sums = activations.maps(0, 1, 2, 3, 4).mean(2, 3).addRowVector(mapper.denseBias());
            INDArray own =
                    format == CNN2DFormat.NCHW ? images.permute(0, 3, 1, 2).dup('c') : images;
            assertThat(Transforms.softmax(sums, true).equalsWithEps(graph.output(own)[0], 1e-5))
                    .isTrue();
            assertThat(activations.channels()).isEqualTo(CHANNELS + 4);
        }
    }

    @Test
    void pooledMapsOfTwoSizesAreExplainedAtTheLayerThatBothComeFrom() {
        ClassActivationMapper.of(twoSizes(Activation.RELU))
                .inputSize(HEIGHT, WIDTH)
                .build()
                .close();

        assertThat(GapClassifier.find(twoSizes(Activation.RELU), HEIGHT, WIDTH)
                        .parts()
                        .features())
                .isEqualTo("conv2");
    }

    private static ComputationGraph twoSizes(Activation activation) {
        return build(NHWC, head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("large", convolution(1, CHANNELS, CHANNELS, NHWC, activation), "conv2")
                .addLayer("gap2", averagePooling(), "large")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "gap", "gap2")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "sum")
                .setOutputs("predictions"));
    }

    @Test
    void pooledMapsOfTwoSizesWithoutAPlanAreRefused() {
        ComputationGraph graph = twoSizes(Activation.RATIONALTANH);

        assertThatThrownBy(() ->
                        ClassActivationMapper.of(graph).inputSize(HEIGHT, WIDTH).build())
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("6x5", "12x10", "sum of maps of one size");
    }

    @Test
    void channelsOfAnImageThatIsJoinedToItselfAreCountedOnce() {
        // As grey images get into a network of three channels, here by way of sums.
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("image")
                .addVertex("doubled", new ScaleVertex(2), "image")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "image", "doubled")
                .addVertex("two", channels(), "image", "sum")
                .addVertex("three", channels(), "two", "image")
                .addLayer("conv", convolution(3, 3, 4, NHWC, Activation.RELU), "three")
                .addLayer(
                        "gap",
                        new GlobalPoolingLayer.Builder(PoolingType.AVG)
                                .poolingDimensions(1, 2)
                                .build(),
                        "conv")
                .addLayer("predictions", dense(4, Activation.SOFTMAX), "gap")
                .setOutputs("predictions")
                .build());
        graph.init();

        GapClassifier found = GapClassifier.find(graph, HEIGHT, WIDTH);

        assertThat(found.inputChannels()).isEqualTo(1);
        assertThat(found.inferenceGraph()
                        .output(Nd4j.rand(DataType.FLOAT, 1, 9, 8, 1))[1]
                        .shape())
                .containsExactly(1, CLASSES);
    }

    @Test
    void channelsThatAreTakenOfTheImageAreNotItsChannels() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("image")
                .addVertex("red", new ChannelSliceVertex(0, 1), "image")
                .addLayer("conv", convolution(3, 1, 4, NHWC, Activation.RELU), "red")
                .addLayer(
                        "gap",
                        new GlobalPoolingLayer.Builder(PoolingType.AVG)
                                .poolingDimensions(1, 2)
                                .build(),
                        "conv")
                .addLayer("predictions", dense(4, Activation.SOFTMAX), "gap")
                .setOutputs("predictions")
                .build());
        graph.init();

        assertThatThrownBy(() -> GapClassifier.find(graph, HEIGHT, WIDTH))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("no layer with weights reads the input 'image'");
    }

    @Test
    void seesThroughAPoolingThatKeepsItsDimensions() {
        // DL4J 1.0.0-M2.1 runs such a pooling in NCHW alone.
        ComputationGraph graph = build(CNN2DFormat.NCHW, head -> head.addLayer(
                        "gap",
                        new GlobalPoolingLayer.Builder(PoolingType.AVG)
                                .collapseDimensions(false)
                                .build(),
                        "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, HEIGHT, WIDTH);

        INDArray logits =
                GapClassifier.find(graph, HEIGHT, WIDTH).inferenceGraph().output(images)[1];

        assertThat(Transforms.softmax(logits, true).equalsWithEps(graph.output(images)[0], 1e-6))
                .isTrue();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        "no head",
                        (UnaryOperator<GraphBuilder>) head ->
                                head.addLayer("gap", averagePooling(), "conv3").setOutputs("gap"),
                        new String[] {"'gap'", "feature extractor"}),
                Arguments.of(
                        "activation that cannot be taken off",
                        (UnaryOperator<GraphBuilder>) head -> head.addLayer("gap", averagePooling(), "conv3")
                                .addLayer("predictions", dense(CHANNELS, Activation.TANH), "gap")
                                .setOutputs("predictions"),
                        new String[] {"'predictions'", "tanh", "softmax, sigmoid or none"}),
                Arguments.of(
                        "two outputs",
                        (UnaryOperator<GraphBuilder>) head -> head.addLayer("gap", averagePooling(), "conv3")
                                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                                .addLayer("other", dense(CHANNELS, Activation.SOFTMAX), "gap")
                                .setOutputs("predictions", "other"),
                        new String[] {"2 outputs", "predictions", "other"}));
    }

    static Stream<Arguments> headsWithGates() {
        return Stream.of(
                Arguments.of("hidden dense layer", (UnaryOperator<GraphBuilder>)
                        head -> head.addLayer("gap", averagePooling(), "conv3")
                                .addLayer("fc1", dense(CHANNELS, Activation.RELU), "gap")
                                .addLayer("predictions", dense(CLASSES, Activation.SOFTMAX), "fc1")
                                .setOutputs("predictions")),
                Arguments.of("flattened maps", (UnaryOperator<GraphBuilder>)
                        head -> head.addLayer("predictions", dense(240, Activation.SOFTMAX), "conv3")
                                .setOutputs("predictions")),
                Arguments.of("maximum pooling", (UnaryOperator<GraphBuilder>)
                        head -> head.addLayer("gmp", new GlobalPoolingLayer(PoolingType.MAX), "conv3")
                                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gmp")
                                .setOutputs("predictions")),
                Arguments.of("a product of two pooled branches", (UnaryOperator<GraphBuilder>) head -> head.addLayer(
                                "gap", averagePooling(), "conv3")
                        .addLayer("gap2", averagePooling(), "conv2")
                        .addVertex("product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "gap", "gap2")
                        .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "product")
                        .setOutputs("predictions")),
                Arguments.of("a way past the pooling", (UnaryOperator<GraphBuilder>)
                        head -> head.addLayer("gap", averagePooling(), "conv3")
                                .addLayer("flat", dense(240, Activation.IDENTITY), "conv3")
                                .addLayer("pooled", dense(CHANNELS, Activation.IDENTITY), "gap")
                                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "flat", "pooled")
                                .addLayer("softmax", new ActivationLayer(Activation.SOFTMAX), "sum")
                                .setOutputs("softmax")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headsWithGates")
    void otherHeadsHaveAWayBack(String name, UnaryOperator<GraphBuilder> head) {
        ComputationGraph graph = build(NHWC, head);

        Classifier found = GapClassifier.find(graph, HEIGHT, WIDTH).parts();

        assertThat(found.linearHead()).isEmpty();
        assertThat(found.backward()).isPresent();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesWhatHasNoMapAndNamesTheLayers(String name, UnaryOperator<GraphBuilder> head, String[] words) {
        ComputationGraph graph = build(NHWC, head);

        assertThatThrownBy(() -> GapClassifier.find(graph, HEIGHT, WIDTH))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void refusesTwoInputs() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("left", "right")
                .setInputTypes(InputType.convolutional(8, 8, 3, NHWC), InputType.convolutional(8, 8, 3, NHWC))
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .addLayer("conv", convolution(3, 3, CHANNELS, NHWC, Activation.RELU), "sum")
                .addLayer("gap", averagePooling(), "conv")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions")
                .build());
        graph.init();

        assertThatThrownBy(() -> GapClassifier.find(graph, HEIGHT, WIDTH))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("2 inputs", "left", "right");
    }

    @Test
    void leavesTheGraphAsItWas() {
        ComputationGraph graph = TestNetworks.gap(NHWC);
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, HEIGHT, WIDTH, 3);
        INDArray before = graph.output(images)[0];
        String configuration = graph.getConfiguration().toJson();

        ComputationGraph copy = GapClassifier.find(graph, HEIGHT, WIDTH).inferenceGraph();
        copy.params().muli(0);

        assertThat(graph.output(images)[0]).isEqualTo(before);
        assertThat(graph.getConfiguration().toJson()).isEqualTo(configuration);
    }
}
