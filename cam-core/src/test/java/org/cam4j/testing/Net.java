package org.cam4j.testing;

import static org.cam4j.testing.TestNetworks.CLASSES;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Puts a test's network together, layer behind layer, and gives it random weights. */
final class Net {

    private final GraphBuilder builder;
    final CNN2DFormat format;
    String last = "image";

    private Net(GraphBuilder builder, CNN2DFormat format) {
        this.builder = builder;
        this.format = format;
    }

    /** Adds layers and tells how many channels the last one has. */
    interface Body {
        int build(Net net);
    }

    /** A graph of a body, global average pooling and a dense softmax. */
    static ComputationGraph graph(long seed, CNN2DFormat format, Body body) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH, 3, format));
        Net net = new Net(builder, format);
        int channels = body.build(net);
        ComputationGraph graph = new ComputationGraph(
                builder.addLayer("gap", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), net.last)
                        .addLayer(
                                "predictions",
                                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                        .nIn(channels)
                                        .nOut(CLASSES)
                                        .activation(Activation.SOFTMAX)
                                        .build(),
                                "gap")
                        .setOutputs("predictions")
                        .build());
        graph.init();
        randomise(graph);
        return graph;
    }

    /** Biases and statistics start at 0 and 1 in DL4J, where mistakes do not show. */
    private static void randomise(ComputationGraph graph) {
        Random random = new Random(3);
        for (Layer layer : graph.getLayers()) {
            layer.paramTable().forEach((key, array) -> {
                switch (key) {
                    case "b", "beta", "mean", "log10stdev" -> fill(array, () -> random.nextGaussian() * 0.2);
                    case "gamma" -> fill(array, () -> 0.5 + random.nextDouble());
                    default -> {
                        if (layer.conf().getLayer() instanceof PReLULayer) {
                            fill(array, () -> random.nextDouble() - 0.3);
                        }
                    }
                }
            });
        }
    }

    private static void fill(INDArray array, DoubleSupplier numbers) {
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, numbers.getAsDouble());
        }
    }

    void add(String name, org.deeplearning4j.nn.conf.layers.Layer layer) {
        builder.addLayer(name, layer, last);
        last = name;
    }

    void convolution(String name, int in, int out, String activation, int kernel, int stride, int dilation) {
        add(
                name,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .dilation(dilation, dilation)
                        .nIn(in)
                        .nOut(out)
                        .dataFormat(format)
                        .activation(Activation.fromString(activation))
                        .build());
    }

    void depthwise(String name, int in, int multiplier, int kernel, int stride) {
        add(
                name,
                new DepthwiseConvolution2D.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .convolutionMode(ConvolutionMode.Same)
                        .depthMultiplier(multiplier)
                        .nIn(in)
                        .nOut(in * multiplier)
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    org.deeplearning4j.nn.conf.layers.Layer dense(int in, int out, Activation activation) {
        return new DenseLayer.Builder().nIn(in).nOut(out).activation(activation).build();
    }

    void reshape(String name, int... shape) {
        builder.addVertex(name, new ReshapeVertex(shape), last);
        last = name;
    }

    void normalise(String name) {
        add(name, new BatchNormalization.Builder().dataFormat(format).build());
    }

    void activate(String name, IActivation function) {
        add(name, new ActivationLayer.Builder().activation(function).build());
    }

    void pool(String name, int kernel, int stride, boolean maximum) {
        add(
                name,
                new SubsamplingLayer.Builder(
                                maximum ? SubsamplingLayer.PoolingType.MAX : SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(kernel, kernel)
                        .stride(stride, stride)
                        .dataFormat(format)
                        .build());
    }

    /** Averages of as many rows and columns as lie side by side. */
    void pool(String name, int rows, int columns) {
        add(
                name,
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(rows, columns)
                        .stride(rows, columns)
                        .dataFormat(format)
                        .build());
    }

    void combine(String name, ElementWiseVertex.Op op, String... inputs) {
        builder.addVertex(name, new ElementWiseVertex(op), inputs);
        last = name;
    }

    void vertex(String name, GraphVertex vertex, String... inputs) {
        builder.addVertex(name, vertex, inputs);
        last = name;
    }

    void merge(String name, String... inputs) {
        MergeVertex merge = new MergeVertex();
        merge.setMergeAxis(format == CNN2DFormat.NCHW ? 1 : 3);
        builder.addVertex(name, merge, inputs);
        last = name;
    }
}
