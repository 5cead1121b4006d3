package org.cam4j.training;

import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The surgery that makes a network explainable: everything behind a layer gives way to global average pooling and one dense
 * softmax (Zhou et al., CVPR 2016, sections 2 and 3).
 *
 * <pre>{@code
 * ComputationGraph vggGap = GapHead.on(vgg19, "block5_conv4", 19).convolution(1024).dropout(0.5).build();
 * }</pre>
 *
 * <p>New weights are drawn with a seed (He et al., ICCV 2015, for the convolution; Glorot and Bengio, AISTATS 2010, for the
 * dense layer; biases are zero), so that the same call gives the same network. Immutable; the graph is copied, not changed.
 */
public final class GapHead {

    /** Filters of the convolution that the paper adds. */
    public static final int PAPER_FILTERS = 1024;

    private static final int KERNEL = 3;

    private final ComputationGraph graph;
    private final String layer;
    private final int classes;
    private final int filters;
    private final double dropout;
    private final long seed;

    private GapHead(ComputationGraph graph, String layer, int classes, int filters, double dropout, long seed) {
        this.graph = graph;
        this.layer = layer;
        this.classes = classes;
        this.filters = filters;
        this.dropout = dropout;
        this.seed = seed;
    }

    /**
     * A head on a layer's feature maps.
     *
     * @param graph an initialised network in NCHW or NHWC; not modified
     * @param layer the name of a convolution, or of what follows one (activation, pooling, addition)
     * @param classes how many the new network tells apart, at least 1
     * @return a head without convolution and dropout, seed 1
     */
    public static GapHead on(ComputationGraph graph, String layer, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException(classes + " classes: give at least 1");
        }
        return new GapHead(
                Objects.requireNonNull(graph, "graph"), Objects.requireNonNull(layer, "layer"), classes, 0, 0, 1);
    }

    /**
     * Adds a 3x3 convolution (stride 1, padded to the same size, ReLU) before the pooling, as in the paper.
     *
     * @param count its filters, at least 1; the paper's are {@value #PAPER_FILTERS}
     * @return a new head
     */
    public GapHead convolution(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a convolution of " + count + " filters: give at least 1");
        }
        return new GapHead(graph, layer, classes, count, dropout, seed);
    }

    /**
     * Adds dropout between pooling and dense layer, in training only.
     *
     * @param rate the share of features that is dropped, in [0, 1)
     * @return a new head
     */
    public GapHead dropout(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout of " + rate + ": give 0 or more, less than 1");
        }
        return new GapHead(graph, layer, classes, filters, rate, seed);
    }

    /**
     * Sets the seed of the new weights.
     *
     * @param number where the random numbers begin
     * @return a new head
     */
    public GapHead seed(long number) {
        return new GapHead(graph, layer, classes, filters, dropout, number);
    }

    /**
     * Operates.
     *
     * @return a new graph with the old weights up to the layer; its last layers are {@code gap} and {@code predictions}, before
     *     them {@code cam_conv} and between them {@code dropout} where asked for, with a number where these names are taken
     * @throws UnsupportedModelException if there is no such layer or it gives no feature maps
     */
    public ComputationGraph build() {
        ComputationGraphConfiguration configuration = GraphCut.upTo(graph, layer);
        FeatureMaps maps = FeatureMaps.of(configuration, layer);
        String last = layer;
        int channels = maps.channels();
        String convolution = GraphCut.free(configuration, "cam_conv");
        if (filters > 0) {
            GraphCut.append(configuration, convolution, convolution(maps), last);
            last = convolution;
            channels = filters;
        }
        String pooling = GraphCut.free(configuration, "gap");
        GraphCut.append(configuration, pooling, pooling(maps.format()), last);
        last = pooling;
        if (dropout > 0) {
            String name = GraphCut.free(configuration, "dropout");
            // DL4J's number is the share that is kept.
            GraphCut.append(configuration, name, new DropoutLayer.Builder(1 - dropout).build(), last);
            last = name;
        }
        String head = GraphCut.free(configuration, "predictions");
        GraphCut.append(configuration, head, dense(channels, classes, Activation.SOFTMAX), last);

        ComputationGraph built = GraphCut.built(configuration, graph, layer);
        Random random = new Random(seed);
        if (filters > 0) {
            INDArray kernels = built.getLayer(convolution).getParam("W");
            double deviation = Math.sqrt(2.0 / ((double) KERNEL * KERNEL * maps.channels()));
            fill(kernels, () -> random.nextGaussian() * deviation);
        }
        double limit = Math.sqrt(6.0 / (channels + classes));
        fill(built.getLayer(head).getParam("W"), () -> (2 * random.nextDouble() - 1) * limit);
        return built;
    }

    private ConvolutionLayer convolution(FeatureMaps maps) {
        return new ConvolutionLayer.Builder(KERNEL, KERNEL)
                .nIn(maps.channels())
                .nOut(filters)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .dataFormat(maps.format())
                .build();
    }

    static GlobalPoolingLayer pooling(CNN2DFormat format) {
        return new GlobalPoolingLayer.Builder(PoolingType.AVG)
                .poolingDimensions(format == CNN2DFormat.NHWC ? new int[] {1, 2} : new int[] {2, 3})
                .build();
    }

    /** A layer that DL4J can train: softmax with cross-entropy, or another activation with the loss that belongs to it. */
    static OutputLayer dense(int channels, int classes, Activation activation) {
        LossFunction loss =
                switch (activation) {
                    case SOFTMAX -> LossFunction.MCXENT;
                    case SIGMOID -> LossFunction.XENT;
                    default -> LossFunction.MSE;
                };
        return new OutputLayer.Builder(loss)
                .nIn(channels)
                .nOut(classes)
                .activation(activation)
                .build();
    }

    private static void fill(INDArray weights, DoubleSupplier values) {
        float[] drawn = new float[Math.toIntExact(weights.length())];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) values.getAsDouble();
        }
        weights.assign(Nd4j.createFromArray(drawn).reshape('c', weights.shape()));
    }
}
