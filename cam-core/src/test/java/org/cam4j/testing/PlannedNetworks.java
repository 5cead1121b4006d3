package org.cam4j.testing;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Networks of 29x23 RGB images, one for each thing that a plan has to get right, with seeded random weights, biases and
 * normalisation statistics. Channel counts are partly no multiples of a processor's vectors, sizes are odd.
 */
public enum PlannedNetworks {
    /** Convolutions and poolings only. */
    VGG(net -> {
        net.convolution("conv1", 3, 32, "relu", 3, 1, 1);
        net.convolution("conv2", 32, 32, "relu", 3, 1, 1);
        net.pool("pool1", 2, 2, true);
        net.convolution("conv3", 32, 64, "relu", 3, 1, 1);
        net.convolution("conv4", 64, 64, "relu", 3, 1, 1);
        return 64;
    }),
    /** Every window: strides, dilation, explicit and TensorFlow's padding, rectangular kernels. */
    WINDOWS(net -> {
        net.convolution("stride2", 3, 16, "relu", 3, 2, 1);
        net.convolution("dilated", 16, 24, "tanh", 3, 1, 2);
        net.convolution("even", 24, 20, "identity", 4, 2, 1);
        net.add(
                "explicit",
                new ConvolutionLayer.Builder(5, 3)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .padding(2, 1)
                        .stride(1, 2)
                        .nIn(20)
                        .nOut(7)
                        .hasBias(false)
                        .dataFormat(net.format)
                        .activation(Activation.SIGMOID)
                        .build());
        net.convolution("point", 7, 33, "relu", 1, 1, 1);
        return 33;
    }),
    /** Normalisation before and after convolutions, behind the image and behind a border. */
    NORMALISED(net -> {
        net.normalise("bn0");
        net.convolution("conv1", 3, 16, "identity", 3, 1, 1);
        net.normalise("bn1");
        net.activate("relu1", new ActivationReLU());
        net.normalise("bn2");
        net.convolution("conv2", 16, 32, "identity", 1, 1, 1);
        net.normalise("bn3");
        net.convolution("conv3", 32, 12, "identity", 3, 1, 1);
        net.normalise("bn4");
        net.normalise("bn5");
        net.activate("relu5", new ActivationReLU());
        return 12;
    }),
    /** Residual blocks, one with a projection. */
    RESIDUAL(net -> {
        net.convolution("stem", 3, 32, "relu", 3, 2, 1);
        String first = net.last;
        net.convolution("a1", 32, 32, "relu", 3, 1, 1);
        net.convolution("a2", 32, 32, "identity", 3, 1, 1);
        net.normalise("a2bn");
        net.combine("a", ElementWiseVertex.Op.Add, net.last, first);
        net.activate("arelu", new ActivationReLU());
        String second = net.last;
        net.convolution("b1", 32, 40, "relu", 1, 2, 1);
        net.convolution("b2", 40, 40, "identity", 3, 1, 1);
        String branch = net.last;
        net.last = second;
        net.convolution("shortcut", 32, 40, "identity", 1, 2, 1);
        net.combine("b", ElementWiseVertex.Op.Add, net.last, branch);
        net.activate("brelu", new ActivationReLU());
        return 40;
    }),
    /** Sums that nobody may make in place: the added value is read again, or is added to itself. */
    SHARED_RESIDUAL(net -> {
        net.convolution("stem", 3, 16, "relu", 3, 1, 1);
        String stem = net.last;
        net.convolution("a", 16, 16, "identity", 3, 1, 1);
        net.combine("sum1", ElementWiseVertex.Op.Add, net.last, stem);
        net.convolution("b", 16, 16, "identity", 3, 1, 1);
        net.combine("sum2", ElementWiseVertex.Op.Add, net.last, stem);
        String sum = net.last;
        net.convolution("c", 16, 16, "identity", 3, 1, 1);
        net.combine("sum3", ElementWiseVertex.Op.Add, net.last, sum);
        net.combine("twice", ElementWiseVertex.Op.Add, net.last, net.last);
        return 16;
    }),
    /** Branches joined along the channels, once in whole blocks and once not, and the join read twice. */
    JOINED(net -> {
        net.convolution("stem", 3, 16, "relu", 3, 2, 1);
        String stem = net.last;
        net.convolution("a", 16, 32, "relu", 3, 1, 1);
        net.merge("join1", stem, net.last);
        String join = net.last;
        net.normalise("bn");
        net.activate("relu", new ActivationReLU());
        net.convolution("b", 48, 16, "identity", 1, 1, 1);
        net.merge("join2", join, net.last);
        String whole = net.last;
        net.pool("pool", 3, 1, true);
        net.convolution("c", 64, 5, "relu", 1, 1, 1);
        net.merge("join3", whole, net.last, stem);
        return 85;
    }),
    /** A residual sum into a part of a join. */
    JOINED_RESIDUAL(net -> {
        net.convolution("stem", 3, 16, "relu", 3, 2, 1);
        String stem = net.last;
        net.convolution("a", 16, 16, "relu", 3, 1, 1);
        String a = net.last;
        net.merge("join", stem, a);
        String join = net.last;
        net.convolution("b", 32, 32, "identity", 3, 1, 1);
        net.combine("sum", ElementWiseVertex.Op.Add, net.last, join);
        net.activate("relu", new ActivationReLU());
        net.merge("out", net.last, a);
        return 48;
    }),
    /** Depthwise and separable convolutions, also with a multiplier. */
    DEPTHWISE(net -> {
        net.depthwise("dw0", 3, 2, 3, 1);
        net.convolution("conv1", 6, 24, "relu", 1, 1, 1);
        net.depthwise("dw1", 24, 1, 3, 2);
        net.normalise("bn");
        net.activate("relu6", Activation.RELU6.getActivationFunction());
        net.add(
                "separable",
                new SeparableConvolution2D.Builder(3, 3)
                        .convolutionMode(ConvolutionMode.Same)
                        .depthMultiplier(2)
                        .nIn(24)
                        .nOut(40)
                        .dataFormat(net.format)
                        .activation(Activation.RELU)
                        .build());
        net.depthwise("dw2", 40, 1, 5, 1);
        return 40;
    }),
    /** Maximum and average pooling, with and without a border, and by itself. */
    POOLED(net -> {
        net.convolution("conv1", 3, 20, "identity", 3, 1, 1);
        net.pool("max3", 3, 2, true);
        net.pool("average3", 3, 1, false);
        net.pool("average2", 2, 2, false);
        net.add(
                "truncated",
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .padding(1, 1)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .dataFormat(net.format)
                        .build());
        return 20;
    }),
    /** Borders put on and taken off, before convolutions and poolings, and enlarging. */
    BORDERS(net -> {
        net.add(
                "pad0",
                new ZeroPaddingLayer.Builder(3, 2, 1, 4).dataFormat(net.format).build());
        net.add(
                "conv0",
                new ConvolutionLayer.Builder(3, 3)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .stride(2, 2)
                        .nIn(3)
                        .nOut(16)
                        .dataFormat(net.format)
                        .activation(Activation.RELU)
                        .build());
        net.add(
                "pad1",
                new ZeroPaddingLayer.Builder(1, 1, 1, 1).dataFormat(net.format).build());
        net.add(
                "pool1",
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(3, 3)
                        .stride(2, 2)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .dataFormat(net.format)
                        .build());
        net.convolution("conv1", 16, 18, "tanh", 1, 1, 1);
        net.add(
                "pad2",
                new ZeroPaddingLayer.Builder(1, 2, 0, 1).dataFormat(net.format).build());
        net.add(
                "pool2",
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(1, 1)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .dataFormat(net.format)
                        .build());
        net.add(
                "crop",
                new Cropping2D.Builder(1, 0, 2, 1).dataFormat(net.format).build());
        net.add("enlarge", new Upsampling2D.Builder(2).dataFormat(net.format).build());
        return 18;
    }),
    /** All activations, fused and by themselves, and dropout. */
    ACTIVATIONS(net -> {
        net.convolution("conv1", 3, 16, "elu", 3, 2, 1);
        net.convolution("conv2", 16, 16, "swish", 1, 1, 1);
        net.convolution("conv3", 16, 16, "hardsigmoid", 1, 1, 1);
        net.convolution("conv4", 16, 16, "selu", 1, 1, 1);
        net.convolution("conv5", 16, 16, "softplus", 1, 1, 1);
        net.convolution("conv6", 16, 16, "leakyrelu", 1, 1, 1);
        net.convolution("conv7", 16, 21, "mish", 1, 1, 1);
        net.add("dropout", new DropoutLayer.Builder(0.5).build());
        net.pool("pool", 2, 1, true);
        net.activate("elu", new ActivationELU(0.7));
        net.activate("sigmoid", Activation.SIGMOID.getActivationFunction());
        net.convolution("conv8", 21, 21, "identity", 1, 1, 1);
        net.pool("pool8", 2, 1, true);
        net.activate("gelu", new ActivationGELU(false));
        net.activate("slope", new ActivationReLU(6.0, 0.0, 0.0));
        return 21;
    }),
    /** Slopes for each channel and for each number. */
    PARAMETRIC(net -> {
        net.convolution("conv1", 3, 16, "identity", 3, 1, 1);
        net.add(
                "perChannel",
                new PReLULayer.Builder()
                        .inputShape(net.format == CNN2DFormat.NCHW ? new long[] {16, 29, 23} : new long[] {29, 23, 16})
                        .sharedAxes(net.format == CNN2DFormat.NCHW ? new long[] {2, 3} : new long[] {1, 2})
                        .build());
        net.convolution("conv2", 16, 10, "identity", 3, 2, 1);
        net.add(
                "each",
                new PReLULayer.Builder()
                        .inputShape(net.format == CNN2DFormat.NCHW ? new long[] {10, 15, 12} : new long[] {15, 12, 10})
                        .build());
        return 10;
    }),
    /** Products, differences, averages and maxima of values. */
    COMBINED(net -> {
        net.convolution("stem", 3, 16, "tanh", 3, 2, 1);
        String stem = net.last;
        net.convolution("a", 16, 16, "sigmoid", 3, 1, 1);
        String a = net.last;
        net.combine("product", ElementWiseVertex.Op.Product, stem, a);
        String product = net.last;
        net.combine("difference", ElementWiseVertex.Op.Subtract, product, a);
        net.combine("average", ElementWiseVertex.Op.Average, net.last, stem, a);
        net.combine("maximum", ElementWiseVertex.Op.Max, net.last, product);
        return 16;
    }),
    /** Squeeze and excitation (Hu et al., CVPR 2018): each channel multiplied by what the pooled channels say. */
    EXCITED(net -> {
        net.convolution("stem", 3, 18, "relu", 3, 2, 1);
        String stem = net.last;
        net.add("squeeze", new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
        net.add("reduce", net.dense(18, 5, Activation.RELU));
        net.add("expand", net.dense(5, 18, Activation.SIGMOID));
        net.reshape("cells", net.format == CNN2DFormat.NCHW ? new int[] {-1, 18, 1, 1} : new int[] {-1, 1, 1, 18});
        net.vertex("excite", new ChannelProduct(ElementWiseVertex.Op.Product), stem, net.last);
        net.convolution("conv", 18, 16, "relu", 1, 1, 1);
        return 16;
    });

    /** Rows of the input. */
    public static final int HEIGHT = 29;

    /** Columns of the input. */
    public static final int WIDTH = 23;

    @SuppressWarnings("ImmutableEnumChecker") // A function without state.
    private final Net.Body body;

    PlannedNetworks(Net.Body body) {
        this.body = body;
    }

    /** The network, global average pooling and a dense softmax included. */
    public ComputationGraph graph(CNN2DFormat format) {
        return Net.graph(name().hashCode(), format, body);
    }

    /** Images of numbers around 0. */
    public static INDArray images(int count) {
        return Nd4j.rand(DataType.FLOAT, count, HEIGHT, WIDTH, 3).muli(2).subi(1);
    }

    /** DL4J multiplies an image with a number per channel when it runs, but refuses to when a graph is built. */
    public static final class ChannelProduct extends ElementWiseVertex {

        /** For DL4J's JSON. */
        public ChannelProduct(@JsonProperty("op") Op op) {
            super(op);
        }

        @Override
        public ChannelProduct clone() {
            return new ChannelProduct(op);
        }

        @Override
        public InputType getOutputType(int layerIndex, InputType... inputs) {
            return inputs[0];
        }
    }
}
