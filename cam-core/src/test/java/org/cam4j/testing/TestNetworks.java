package org.cam4j.testing;

import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small convolutional networks built in DL4J, with seeded random weights: 24x20 RGB in, 6x5x8 maps, {@link #CLASSES} classes. */
public final class TestNetworks {

    /** Rows of the input. */
    public static final int HEIGHT = 24;

    /** Columns of the input. */
    public static final int WIDTH = 20;

    /** Feature maps of the last convolution. */
    public static final int CHANNELS = 8;

    /** Outputs. */
    public static final int CLASSES = 5;

    private TestNetworks() {}

    /** Global average pooling and a dense softmax: the plain case. */
    public static ComputationGraph gap(CNN2DFormat format) {
        return build(format, head -> head.addLayer("gap", averagePooling(), "conv3")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
    }

    /** A network with an activation that no plan has: DL4J's own layers run it. */
    public static ComputationGraph withoutPlan() {
        ConvolutionLayer unplanned = convolution(1, CHANNELS, CHANNELS, CNN2DFormat.NHWC, Activation.RATIONALTANH);
        return build(CNN2DFormat.NHWC, head -> head.addLayer("conv4", unplanned, "conv3")
                .addLayer("gap", averagePooling(), "conv4")
                .addLayer("predictions", dense(CHANNELS, Activation.SOFTMAX), "gap")
                .setOutputs("predictions"));
    }

    /** Three convolutions ({@code conv1}, {@code conv2}, {@code conv3}), and whatever comes after {@code conv3}. */
    public static ComputationGraph build(CNN2DFormat format, UnaryOperator<GraphBuilder> head) {
        GraphBuilder body = new NeuralNetConfiguration.Builder()
                .seed(5)
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(HEIGHT, WIDTH, 3, format))
                .addLayer("conv1", convolution(3, 3, 6, format, Activation.RELU), "image")
                .addLayer(
                        "bn",
                        new BatchNormalization.Builder().dataFormat(format).build(),
                        "conv1")
                .addLayer("pool1", maxPooling(format), "bn")
                .addLayer("conv2", convolution(3, 6, CHANNELS, format, Activation.LEAKYRELU), "pool1")
                .addLayer("pool2", maxPooling(format), "conv2")
                .addLayer("conv3", convolution(3, CHANNELS, CHANNELS, format, Activation.RELU), "pool2");
        ComputationGraph graph = new ComputationGraph(head.apply(body).build());
        graph.init();
        // Biases start at zero in DL4J; a test of the bias needs others.
        graph.setParam("conv3_b", graph.getParam("conv3_b").addi(0.1));
        for (String layer : new String[] {"predictions", "classes"}) {
            if (graph.getVertex(layer) != null
                    && graph.getLayer(layer).paramTable().containsKey("b")) {
                graph.getLayer(layer)
                        .getParam("b")
                        .addi(0.25)
                        .muliColumnVector(graph.getLayer(layer).getParam("b").dup());
            }
        }
        return graph;
    }

    public static ConvolutionLayer convolution(int kernel, int in, int out, CNN2DFormat format, Activation activation) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nIn(in)
                .nOut(out)
                .dataFormat(format)
                .activation(activation)
                .build();
    }

    public static SubsamplingLayer maxPooling(CNN2DFormat format) {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .dataFormat(format)
                .build();
    }

    public static GlobalPoolingLayer averagePooling() {
        return new GlobalPoolingLayer.Builder(PoolingType.AVG).build();
    }

    public static DenseLayer dense(int in, Activation activation) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(CLASSES)
                .activation(activation)
                .build();
    }

    public static OutputLayer output(int in, Activation activation, LossFunctions.LossFunction loss) {
        return new OutputLayer.Builder(loss)
                .nIn(in)
                .nOut(CLASSES)
                .activation(activation)
                .build();
    }
}
