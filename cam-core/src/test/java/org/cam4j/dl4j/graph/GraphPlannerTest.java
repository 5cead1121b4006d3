package org.cam4j.dl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cam4j.testing.TestNetworks.CHANNELS;
import static org.cam4j.testing.TestNetworks.HEIGHT;
import static org.cam4j.testing.TestNetworks.WIDTH;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.cam4j.dl4j.layers.ChannelAffineVertex;
import org.cam4j.dl4j.layers.PermuteVertex;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.testing.KerasLayerNetworks;
import org.cam4j.testing.PlannedNetworks;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which steps a graph becomes; that they compute the same is {@code EngineAgreementTest}'s matter. */
class GraphPlannerTest {

    private static GapClassifier planning(UnaryOperator<GraphBuilder> middle, String last) {
        return GapClassifier.find(
                TestNetworks.build(CNN2DFormat.NHWC, head -> middle.apply(head)
                        .addLayer("gap", TestNetworks.averagePooling(), last)
                        .addLayer(
                                "predictions",
                                TestNetworks.dense(CHANNELS, org.nd4j.linalg.activations.Activation.SOFTMAX),
                                "gap")
                        .setOutputs("predictions")),
                HEIGHT,
                WIDTH);
    }

    @Test
    void aNetworkBecomesAShortList() {
        GapClassifier classifier = GapClassifier.find(PlannedNetworks.RESIDUAL.graph(CNN2DFormat.NHWC), 29, 23);

        assertThat(classifier.plan().orElseThrow().toString()).isEqualTo("""
                        %0 = image 29x23x3
                        %1 = convolution 3x3/2 padding 1,1,1,1 3->32 relu (%0)   15x12x32   'stem'
                        %2 = convolution 3x3 padding 1,1,1,1 32->32 relu (%1)   15x12x32   'a1'
                        %3 = convolution 3x3 padding 1,1,1,1 32->32 + sum relu (%2, %1)   15x12x32   'a2'
                        %7 = convolution 1x1/2 32->40 relu (%3)   8x6x40   'b1'
                        %8 = convolution 1x1/2 32->40 (%3)   8x6x40   'shortcut'
                        %9 = convolution 3x3 padding 1,1,1,1 40->40 + sum relu (%7, %8)   8x6x40   'b2'
                        %12 = global average pooling (%9)   1x1x40   'gap'
                        %13 = dense 40->5 (%12)   1x1x5   'predictions'
                        features %9 8x6x40
                        logits %13 1x1x5
                        """);
    }

    @Test
    void planningLeavesTheGraphAlone() {
        ComputationGraph graph = PlannedNetworks.NORMALISED.graph(CNN2DFormat.NCHW);
        INDArray before = graph.params().dup();

        GapClassifier.find(graph, 29, 23);

        assertThat(graph.params()).isEqualTo(before);
    }

    @Test
    void whatNoPlanCanSayIsNamed() {
        GapClassifier layer = planning(
                head -> head.addLayer("lrn", new LocalResponseNormalization.Builder().build(), "conv3")
                        .addLayer(
                                "conv4",
                                TestNetworks.convolution(
                                        1,
                                        CHANNELS,
                                        CHANNELS,
                                        CNN2DFormat.NHWC,
                                        org.nd4j.linalg.activations.Activation.RELU),
                                "lrn"),
                "conv4");
        GapClassifier activation = planning(
                head -> head.addLayer(
                        "conv4",
                        new ConvolutionLayer.Builder(1, 1)
                                .nIn(CHANNELS)
                                .nOut(CHANNELS)
                                .dataFormat(CNN2DFormat.NHWC)
                                .activation(new ActivationRationalTanh())
                                .build(),
                        "conv3"),
                "conv4");

        assertThat(layer.plan()).isEmpty();
        assertThat(layer.objection().orElseThrow())
                .contains("LocalResponseNormalization 'lrn'")
                .contains("not known to the plan");
        assertThat(activation.plan()).isEmpty();
        assertThat(activation.objection().orElseThrow()).contains("'conv4'").contains("rationaltanh");
    }

    @Test
    void anImageThatIsTooSmallIsRefused() {
        ComputationGraph graph = PlannedNetworks.BORDERS.graph(CNN2DFormat.NHWC);

        assertThatThrownBy(() -> GapClassifier.find(graph, 2, 2))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContainingAll("2x2x3", "'crop'", "leaves nothing");
    }

    @Test
    void aVertexOfOnesOwnDescribesItself() {
        GapClassifier planning = planning(head -> head.addVertex("own", new Tanh(), "conv3"), "own");

        assertThat(planning.objection()).isEmpty();
        assertThat(planning.plan().orElseThrow().toString()).contains("activate tanh", "'own'");
    }

    @Test
    void activationsThatAreSpelledOutAreFused() {
        GapClassifier classifier = GapClassifier.find(KerasLayerNetworks.SPELLED_OUT.graph(), 29, 23);

        assertThat(classifier.plan().orElseThrow().toString()).isEqualTo("""
                        %0 = image 29x23x3
                        %1 = convolution 3x3/2 padding 1,1,1,1 3->16 hard_swish(0.16666667, 0.5) (%0)   15x12x16   'conv1'
                        %6 = convolution 1x1 16->16 swish (%1)   15x12x16   'conv2'
                        %9 = global average pooling (%6)   1x1x16   'gap'
                        %10 = dense 16->5 (%9)   1x1x5   'predictions'
                        features %6 15x12x16
                        logits %10 1x1x5
                        """);
    }

    @Test
    void layersForChannelsLastAreNotPlannedInOtherGraphs() {
        GapClassifier planning = GapClassifier.find(
                TestNetworks.build(CNN2DFormat.NCHW, head -> head.addVertex(
                                "affine", new ChannelAffineVertex(new float[] {2}, new float[] {1}), "conv3")
                        .addLayer("gap", TestNetworks.averagePooling(), "affine")
                        .addLayer(
                                "predictions",
                                TestNetworks.dense(CHANNELS, org.nd4j.linalg.activations.Activation.SOFTMAX),
                                "gap")
                        .setOutputs("predictions")),
                HEIGHT,
                WIDTH);

        assertThat(planning.objection()).hasValue("Rescaling 'affine': does not work in a graph of NCHW");
    }

    @Test
    void rowsInThePlaceOfColumnsAreTransposed() {
        GapClassifier planning =
                planning(head -> head.addVertex("permute", new PermuteVertex(2, 1, 3), "conv3"), "permute");

        assertThat(planning.plan().orElseThrow().toString()).contains("transpose to 1,0,2");
    }

    private static final class Tanh extends ScaleVertex implements PlannedVertex {

        private Tanh() {
            super(3);
        }

        @Override
        public int plan(PlanBuilder plan, String name, int[] inputs, Map<String, INDArray> weights) {
            return plan.add(name, new Activate(Activation.of(Activation.Function.TANH)), inputs);
        }
    }
}
