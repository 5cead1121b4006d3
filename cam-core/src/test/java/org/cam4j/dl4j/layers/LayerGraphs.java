package org.cam4j.dl4j.layers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small graphs in double precision around one layer: two convolutions {@code a} and {@code b}, the layer, an output. */
final class LayerGraphs {

    static final int N = 2;
    static final int HEIGHT = 5;
    static final int WIDTH = 4;
    static final int CHANNELS = 4;
    private static final int CLASSES = 3;

    private LayerGraphs() {}

    /** The layer on maps [2, 5, 4, 4]. */
    static ComputationGraph of(Layer layer, int outputs) {
        return of(
                new LayerVertex(
                        new NeuralNetConfiguration.Builder().layer(layer).build(), null),
                outputs,
                "a");
    }

    static ComputationGraph of(IActivation activation) {
        return of(new ActivationLayer.Builder().activation(activation).build(), HEIGHT * WIDTH * CHANNELS);
    }

    /** The vertex on the maps {@code a} and {@code b} [2, 5, 4, 4] and {@code row} [2, 1, 4, 4]. */
    static ComputationGraph of(GraphVertex vertex, int outputs, String... inputs) {
        if (vertex instanceof LayerVertex layer) {
            layer.getLayerConf().getLayer().setLayerName("tested");
        }
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("image")
                .addVertex("tested", vertex, inputs)
                .addVertex("flat", new ReshapeVertex(-1, outputs), "tested")
                .addLayer("output", output(outputs), "flat")
                .setOutputs("output");
        for (String input : inputs) {
            builder.addLayer(input, input.equals("row") ? rows() : convolution(3, ConvolutionMode.Same), "image");
        }
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static ConvolutionLayer convolution(int kernel, ConvolutionMode mode) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .nIn(3)
                .nOut(CHANNELS)
                .convolutionMode(mode)
                .dataFormat(CNN2DFormat.NHWC)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static ConvolutionLayer rows() {
        return new ConvolutionLayer.Builder(HEIGHT, 1)
                .nIn(3)
                .nOut(CHANNELS)
                .convolutionMode(ConvolutionMode.Truncate)
                .dataFormat(CNN2DFormat.NHWC)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static OutputLayer output(int inputs) {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                .nIn(inputs)
                .nOut(CLASSES)
                .activation(Activation.TANH)
                .build();
    }

    static INDArray image() {
        return random(11, N, HEIGHT, WIDTH, 3);
    }

    private static INDArray random(long seed, long... shape) {
        Random random = new Random(seed);
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    /**
     * The greatest relative difference between a derivative along a random direction of the parameters and the difference
     * quotient.
     */
    static double gradientError(ComputationGraph graph) {
        INDArray labels = random(5, N, CLASSES);
        INDArray start = random(7, 1, graph.numParams()).muli(0.4);
        graph.setParams(start.dup());
        loss(graph, labels);
        INDArray gradient = graph.getFlattenedGradients().dup().divi(N);
        double worst = 0;
        for (int i = 0; i < 4; i++) {
            INDArray direction = random(20 + i, 1, graph.numParams());
            double step = 1e-6;
            graph.setParams(start.add(direction.mul(step)));
            double above = loss(graph, labels);
            graph.setParams(start.sub(direction.mul(step)));
            double below = loss(graph, labels);
            double expected = (above - below) / (2 * step);
            double found = gradient.reshape(gradient.length())
                    .mul(direction.reshape(direction.length()))
                    .sumNumber()
                    .doubleValue();
            worst = Math.max(worst, Math.abs(found - expected) / (Math.abs(expected) + 1e-3));
        }
        return worst;
    }

    private static double loss(ComputationGraph graph, INDArray labels) {
        graph.setInputs(image());
        graph.setLabels(labels);
        graph.computeGradientAndScore();
        return graph.score();
    }

    static ComputationGraph savedAndRestored(ComputationGraph graph) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ModelSerializer.writeModel(graph, out, false);
            return ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(out.toByteArray()), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
