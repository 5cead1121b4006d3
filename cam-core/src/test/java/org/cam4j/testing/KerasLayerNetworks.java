package org.cam4j.testing;

import org.cam4j.dl4j.layers.BroadcastVertex;
import org.cam4j.dl4j.layers.ChannelAffineVertex;
import org.cam4j.dl4j.layers.ChannelOrderVertex;
import org.cam4j.dl4j.layers.ChannelScale;
import org.cam4j.dl4j.layers.ChannelSliceVertex;
import org.cam4j.dl4j.layers.ClippedActivation;
import org.cam4j.dl4j.layers.ElementwiseActivation;
import org.cam4j.dl4j.layers.GroupNormalization;
import org.cam4j.dl4j.layers.GroupedConvolution2D;
import org.cam4j.dl4j.layers.LayerNormalization;
import org.cam4j.dl4j.layers.PermuteVertex;
import org.cam4j.dl4j.layers.ReductionVertex;
import org.cam4j.dl4j.layers.ResizeVertex;
import org.cam4j.dl4j.layers.ScaledSumVertex;
import org.cam4j.dl4j.layers.TransposedConvolution2D;
import org.cam4j.plan.operation.Elementwise;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;

/** Networks of 29x23 RGB images with the layers that Keras has and DL4J lacks; images and maps are [n, h, w, c]. */
public enum KerasLayerNetworks {
    /** Preprocessing written as layers, in front of a border, and scales between convolutions. */
    AFFINE(net -> {
        net.vertex("rescale", new ChannelAffineVertex(new float[] {0.5f}, new float[] {-0.25f}), net.last);
        net.vertex("bgr", new ChannelOrderVertex(2, 1, 0), net.last);
        net.vertex("mean", new ChannelAffineVertex(new float[] {1, 2, 3}, new float[] {-0.1f, 0.2f, 0.3f}), net.last);
        net.convolution("conv1", 3, 18, "identity", 3, 2, 1);
        net.add("scale1", new ChannelScale(18));
        net.activate("relu", Activation.RELU.getActivationFunction());
        net.add("scale2", new ChannelScale(18));
        net.convolution("conv2", 18, 16, "relu", 3, 1, 1);
        return 16;
    }),
    /** Channels in groups of 8, 16, 3 and 24. */
    GROUPED(net -> {
        net.convolution("stem", 3, 24, "relu", 3, 2, 1);
        net.add("by8", grouped(3, 3, 1, 24, 24));
        net.add("by16", grouped(2, 3, 2, 24, 32));
        net.convolution("conv", 32, 18, "relu", 1, 1, 1);
        net.add("by3", grouped(6, 3, 1, 18, 48));
        net.add("by24", grouped(2, 5, 1, 48, 48));
        return 48;
    }),
    /** The blocks of ConvNeXt (Liu et al., CVPR 2022), and normalisation of vectors. */
    CELL_NORMALIZED(net -> {
        net.convolution("stem", 3, 24, "identity", 4, 2, 1);
        net.add("norm0", new LayerNormalization(24, 1e-6, true, true));
        String stem = net.last;
        net.depthwise("dw", 24, 1, 7, 1);
        net.add("norm1", new LayerNormalization(24, 1e-6, true, false));
        net.convolution("wide", 24, 96, "identity", 1, 1, 1);
        net.activate("gelu", new ElementwiseActivation(ElementwiseActivation.Function.GELU));
        net.convolution("narrow", 96, 24, "identity", 1, 1, 1);
        net.add("layerScale", new ChannelScale(24));
        net.combine("sum", ElementWiseVertex.Op.Add, stem, net.last);
        String sum = net.last;
        net.add("squeeze", new GlobalPoolingLayer.Builder(PoolingType.MAX).build());
        net.add("norm2", new LayerNormalization(24, 1e-3, false, true));
        net.vertex("gate", new BroadcastVertex(Elementwise.Kind.MULTIPLY), sum, net.last);
        return 24;
    }),
    /** Squeeze and excitation with vectors and with maps of one cell, the gate second and first. */
    EXCITED(net -> {
        net.convolution("stem", 3, 32, "swish", 3, 2, 1);
        String stem = net.last;
        net.add("squeeze", new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
        net.add("reduce", net.dense(32, 8, Activation.SWISH));
        net.add("expand", net.dense(8, 32, Activation.SIGMOID));
        net.vertex("excite", new BroadcastVertex(Elementwise.Kind.MULTIPLY), stem, net.last);
        net.convolution("conv", 32, 21, "identity", 1, 1, 1);
        String conv = net.last;
        net.pool("squeeze2", 15, 12);
        net.convolution("reduce2", 21, 5, "relu", 1, 1, 1);
        net.convolution("expand2", 5, 21, "identity", 1, 1, 1);
        net.activate("hardSigmoid", new ElementwiseActivation(ElementwiseActivation.Function.RELU6_SIGMOID));
        net.vertex("excite2", new BroadcastVertex(Elementwise.Kind.MULTIPLY), net.last, conv);
        return 21;
    }),
    /** Values that meet all rows, columns or channels of another, and others that do of them. */
    BROADCAST(net -> {
        net.convolution("map", 3, 16, "tanh", 3, 2, 1);
        String map = net.last;
        net.convolution("one", 16, 1, "tanh", 3, 1, 1);
        String one = net.last;
        net.add("vector", new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
        String number = net.last;
        net.last = map;
        net.add("means", new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
        String means = net.last;
        net.last = map;
        net.pool("row", 15, 1);
        String row = net.last;
        net.last = map;
        net.pool("column", 1, 12);
        net.vertex("cross", new BroadcastVertex(Elementwise.Kind.MAXIMUM), net.last, row);
        String cross = net.last;
        net.vertex("add", new BroadcastVertex(Elementwise.Kind.ADD), map, one, means);
        net.vertex("subtract", new BroadcastVertex(Elementwise.Kind.SUBTRACT), means, net.last);
        net.vertex("maximum", new BroadcastVertex(Elementwise.Kind.MAXIMUM), net.last, number);
        net.vertex("minimum", new BroadcastVertex(Elementwise.Kind.MINIMUM), one, net.last);
        net.vertex("outer", new BroadcastVertex(Elementwise.Kind.ADD), one, means, net.last, cross, row);
        return 16;
    }),
    /** All activations, fused and by themselves. */
    ACTIVATIONS(net -> {
        net.convolution("stem", 3, 20, "identity", 3, 1, 1);
        for (ElementwiseActivation.Function function : ElementwiseActivation.Function.values()) {
            net.convolution("conv" + function, 20, 20, "identity", 3, 1, 1);
            net.activate("fused" + function, new ElementwiseActivation(function));
            net.pool("pool" + function, 2, 1, true);
            net.activate("alone" + function, new ElementwiseActivation(function));
        }
        return 20;
    }),
    /** Hard swish and swish as older Keras models spell them. */
    SPELLED_OUT(net -> {
        net.convolution("conv1", 3, 16, "identity", 3, 2, 1);
        String conv1 = net.last;
        net.vertex("plus3", new ShiftVertex(3), net.last);
        net.activate("relu6", new ActivationReLU6());
        net.vertex("sixth", new ScaleVertex(1 / 6.0), net.last);
        net.combine("hardSwish", ElementWiseVertex.Op.Product, conv1, net.last);
        net.convolution("conv2", 16, 16, "identity", 1, 1, 1);
        String conv2 = net.last;
        net.activate("sigmoid", Activation.SIGMOID.getActivationFunction());
        net.combine("swish", ElementWiseVertex.Op.Product, net.last, conv2);
        return 16;
    }),
    /** Sizes that are no multiples of each other, up and down, and columns in the place of rows. */
    RESIZED(net -> {
        net.convolution("conv1", 3, 16, "tanh", 3, 2, 1);
        net.vertex("up", new ResizeVertex(22, 31, ResizeVertex.Interpolation.BILINEAR), net.last);
        net.vertex("down", new ResizeVertex(9, 13, ResizeVertex.Interpolation.BILINEAR), net.last);
        net.convolution("conv2", 16, 10, "tanh", 3, 1, 1);
        net.vertex("nearestUp", new ResizeVertex(21, 14, ResizeVertex.Interpolation.NEAREST), net.last);
        net.vertex("nearestDown", new ResizeVertex(8, 6, ResizeVertex.Interpolation.NEAREST), net.last);
        net.vertex("same", new PermuteVertex(1, 2, 3), net.last);
        return 10;
    }),
    /** Steps shorter and longer than kernels. */
    TRANSPOSED(net -> {
        net.convolution("conv", 3, 16, "relu", 3, 4, 1);
        net.add("same", transposed(ConvolutionMode.Same, 3, 2, 2, 16, 20));
        net.add("valid", transposed(ConvolutionMode.Truncate, 4, 3, 2, 20, 12));
        net.add("sparse", transposed(ConvolutionMode.Same, 2, 2, 3, 12, 9));
        return 9;
    }),
    /** Axes exchanged, of whole blocks of channels and of others. */
    TRANSPOSED_AXES(net -> {
        net.convolution("conv1", 3, 16, "tanh", 3, 2, 1);
        net.vertex("columnsFirst", new PermuteVertex(2, 1, 3), net.last);
        net.convolution("conv2", 16, 18, "tanh", 3, 1, 1);
        net.vertex("channelsFirst", new PermuteVertex(3, 1, 2), net.last);
        net.convolution("conv3", 15, 16, "tanh", 3, 1, 1);
        net.vertex("channelsSecond", new PermuteVertex(1, 3, 2), net.last);
        net.vertex("turned", new PermuteVertex(2, 3, 1), net.last);
        net.convolution("conv4", 18, 32, "tanh", 3, 1, 1);
        net.vertex("upright", new PermuteVertex(3, 2, 1), net.last);
        return 16;
    }),
    /** A softmax of each cell: by itself, at the end of a convolution, of vectors, of one channel and of many. */
    SOFTMAX(net -> {
        net.convolution("conv1", 3, 48, "identity", 3, 2, 1);
        net.activate("alone", Activation.SOFTMAX.getActivationFunction());
        String alone = net.last;
        net.convolution("attention", 48, 1, "softmax", 3, 1, 1);
        net.vertex("ones", new BroadcastVertex(Elementwise.Kind.MULTIPLY), alone, net.last);
        String ones = net.last;
        net.add("squeeze", new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
        net.add("expand", net.dense(48, 48, Activation.SOFTMAX));
        net.vertex("gate", new BroadcastVertex(Elementwise.Kind.MULTIPLY), alone, net.last);
        net.combine("sum", ElementWiseVertex.Op.Add, net.last, ones);
        net.convolution("conv2", 48, 21, "softmax", 3, 1, 1);
        return 21;
    }),
    /** Spatial attention (Woo et al., ECCV 2018). */
    ATTENDED(net -> {
        net.convolution("conv1", 3, 32, "tanh", 3, 2, 1);
        String conv1 = net.last;
        net.vertex("means", new ReductionVertex(ReductionVertex.Kind.AVERAGE, 3), conv1);
        String means = net.last;
        net.vertex("maxima", new ReductionVertex(ReductionVertex.Kind.MAXIMUM, 3), conv1);
        net.merge("statistics", means, net.last);
        net.convolution("attention", 2, 1, "sigmoid", 7, 1, 1);
        net.vertex("attended", new BroadcastVertex(Elementwise.Kind.MULTIPLY), conv1, net.last);
        net.convolution("conv2", 32, 19, "tanh", 3, 1, 1);
        return 19;
    }),
    /** Pieces of the channels, of whole blocks and of others, and bounds. */
    SLICED(net -> {
        net.convolution("conv1", 3, 48, "tanh", 3, 2, 1);
        String conv1 = net.last;
        net.vertex("block", new ChannelSliceVertex(16, 16), conv1);
        String block = net.last;
        net.vertex("odd", new ChannelSliceVertex(5, 19), conv1);
        net.activate("clip", new ClippedActivation(-0.2f, 0.3f));
        String odd = net.last;
        net.vertex("last", new ChannelSliceVertex(47, 1), conv1);
        net.vertex("sum", new BroadcastVertex(Elementwise.Kind.ADD), block, net.last);
        net.merge("joined", net.last, odd);
        net.convolution("conv2", 35, 18, "identity", 3, 1, 1);
        net.activate("least", new ClippedActivation(-0.1f, Float.MAX_VALUE));
        return 18;
    }),
    /** Normalisation of groups of channels, of all and of each. */
    GROUP_NORMALIZED(net -> {
        net.convolution("conv1", 3, 32, "identity", 3, 2, 1);
        net.add("groups", new GroupNormalization(32, 8, 1e-3, true, true));
        net.convolution("conv2", 32, 18, "tanh", 3, 1, 1);
        net.add("each", new GroupNormalization(18, 18, 1e-3, true, false));
        net.convolution("conv3", 18, 20, "tanh", 3, 1, 1);
        net.add("all", new GroupNormalization(20, 1, 1e-5, false, true));
        return 20;
    }),
    /** Rectifiers with a threshold, a maximum and a slope, and an activation that no kernel ends with. */
    RECTIFIED(net -> {
        net.convolution("conv1", 3, 16, "identity", 3, 2, 1);
        net.activate("threshold", new ActivationReLU(null, 0.2, 0.0));
        net.convolution("conv2", 16, 16, "softsign", 3, 1, 1);
        net.activate("all", new ActivationReLU(0.4, 0.1, 0.3));
        String all = net.last;
        net.convolution("conv3", 16, 16, "identity", 3, 1, 1);
        net.activate("sloped", new ActivationReLU(0.3, 0.0, 0.2));
        net.combine("sum", ElementWiseVertex.Op.Add, net.last, all);
        net.activate("softsign", Activation.SOFTSIGN.getActivationFunction());
        net.convolution("conv4", 16, 13, "identity", 3, 1, 1);
        net.activate("bounded", new ActivationReLU(0.3, 0.1, 0.0));
        return 13;
    }),
    /** The residual of Inception-ResNet. */
    SCALED_SUM(net -> {
        net.convolution("stem", 3, 32, "relu", 3, 2, 1);
        String stem = net.last;
        net.convolution("branch", 32, 32, "identity", 1, 1, 1);
        net.vertex("sum", new ScaledSumVertex(0.17), stem, net.last);
        net.activate("relu", Activation.RELU.getActivationFunction());
        return 32;
    });

    @SuppressWarnings("ImmutableEnumChecker") // A function without state.
    private final Net.Body body;

    KerasLayerNetworks(Net.Body body) {
        this.body = body;
    }

    /** The network, global average pooling and a dense softmax included. */
    public ComputationGraph graph() {
        return Net.graph(name().hashCode(), CNN2DFormat.NHWC, body);
    }

    private static GroupedConvolution2D grouped(int groups, int kernel, int stride, int in, int out) {
        return new GroupedConvolution2D.Builder(groups)
                .kernelSize(kernel, kernel)
                .stride(stride, stride)
                .convolutionMode(ConvolutionMode.Same)
                .nIn(in)
                .nOut(out)
                .activation(Activation.RELU)
                .build();
    }

    private static TransposedConvolution2D transposed(
            ConvolutionMode mode, int rows, int columns, int stride, int in, int out) {
        return new TransposedConvolution2D.Builder()
                .kernelSize(rows, columns)
                .stride(stride, stride)
                .convolutionMode(mode)
                .nIn(in)
                .nOut(out)
                .activation(Activation.TANH)
                .build();
    }
}
