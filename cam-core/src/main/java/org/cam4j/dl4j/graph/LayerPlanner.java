package org.cam4j.dl4j.graph;

import java.util.Arrays;
import java.util.Map;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.WeightArray;
import org.cam4j.plan.operation.Window;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Translates DL4J's layers into a plan's operations. */
final class LayerPlanner {

    private final PlanBuilder plan;
    private final CNN2DFormat format;
    private final KnownLayers known;

    LayerPlanner(PlanBuilder plan, CNN2DFormat format, KnownLayers known) {
        this.plan = plan;
        this.format = format;
        this.known = known;
    }

    int plan(String name, Layer layer, int input, Map<String, INDArray> weights) throws UnplannedException {
        if (layer instanceof ConvolutionLayer convolution) {
            return convolution(name, convolution, input, weights);
        }
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            throw new UnplannedException("layer normalisation within a dense layer is not known to the plan");
        }
        if (Vertices.isDense(layer)) {
            return dense(name, (FeedForwardLayer) layer, input, weights);
        }
        if (layer instanceof BatchNormalization normalization) {
            return plan.add(name, BatchNormalizations.scaleShift(normalization, weights), input);
        }
        if (layer instanceof PReLULayer) {
            return plan.add(name, ParametricRelus.planned(weights.get("W"), plan.shape(input), format), input);
        }
        if (layer instanceof ActivationLayer activation) {
            return activated(name, activation.getActivationFn(), input);
        }
        if (layer instanceof LossLayer loss) {
            return activated(name, loss.getActivationFn(), input);
        }
        if (layer instanceof DropoutLayer) {
            return input;
        }
        return weightless(name, layer, input);
    }

    private int activated(String name, IActivation function, int input) {
        Activation end = ActivationFunctions.end(function);
        int value = end.isIdentity() ? input : plan.add(name, new Activate(end), input);
        return ActivationFunctions.addRest(plan, name, function, value, format);
    }

    private int weightless(String name, Layer layer, int input) throws UnplannedException {
        if (layer instanceof SubsamplingLayer pooling) {
            requireFormat(pooling.getCnn2dDataFormat());
            return plan.add(name, pooling(pooling, input), input);
        }
        if (layer instanceof GlobalPoolingLayer pooling) {
            requireDimensions(pooling, input);
            return plan.add(name, new GlobalPooling(kind(pooling.getPoolingType())), input);
        }
        if (layer instanceof ZeroPaddingLayer padding) {
            requireFormat(padding.getDataFormat());
            return plan.add(name, new Pad(border(padding.getPadding())), input);
        }
        if (layer instanceof Cropping2D cropping) {
            requireFormat(cropping.getDataFormat());
            return plan.add(name, new Crop(border(cropping.getCropping())), input);
        }
        if (layer instanceof Upsampling2D upsampling) {
            requireFormat(upsampling.getFormat());
            int[] size = upsampling.getSize();
            Shape shape = plan.shape(input);
            return plan.add(
                    name,
                    new Resize(shape.height() * size[0], shape.width() * size[1], Resize.Interpolation.NEAREST),
                    input);
        }
        throw new UnplannedException("this kind of layer is not known to the plan");
    }

    // ---- convolutions ----

    private int convolution(String name, ConvolutionLayer layer, int input, Map<String, INDArray> weights)
            throws UnplannedException {
        requireFormat(layer.getCnn2dDataFormat());
        int value = convolved(name, layer, input, weights);
        return ActivationFunctions.addRest(plan, name, layer.getActivationFn(), value, format);
    }

    private int convolved(String name, ConvolutionLayer layer, int input, Map<String, INDArray> weights)
            throws UnplannedException {
        Activation activation = ActivationFunctions.end(layer.getActivationFn());
        Window window = window(
                input,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        int in = Math.toIntExact(layer.getNIn());
        if (layer.getClass() == ConvolutionLayer.class) {
            int out = Math.toIntExact(layer.getNOut());
            WeightArray kernels = array(name, "W", weights);
            return plan.add(
                    name, new Convolution(window, in, out, 1, kernels, bias(weights, out), false, activation), input);
        }
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            // [kh, kw, in, multiplier] to [in, multiplier, kh, kw].
            float[] kernels = floats(weights.get("W").permute(2, 3, 0, 1));
            int out = in * depthwise.getDepthMultiplier();
            return plan.add(
                    name, new Convolution(window, in, out, in, kernels, bias(weights, out), false, activation), input);
        }
        if (layer instanceof SeparableConvolution2D separable) {
            // [multiplier, in, kh, kw] to [in, multiplier, kh, kw].
            float[] kernels = floats(weights.get("W").permute(1, 0, 2, 3));
            int between = in * separable.getDepthMultiplier();
            int depthwise = plan.add(
                    name,
                    new Convolution(window, in, between, in, kernels, new float[between], false, Activation.IDENTITY),
                    input);
            int out = Math.toIntExact(layer.getNOut());
            WeightArray points = array(name, "pW", weights);
            return plan.add(
                    name,
                    new Convolution(Window.of(1, 1), between, out, 1, points, bias(weights, out), false, activation),
                    depthwise);
        }
        throw new UnplannedException("this kind of convolution is not known to the plan");
    }

    private int dense(String name, FeedForwardLayer layer, int input, Map<String, INDArray> weights) {
        int out = Math.toIntExact(layer.getNOut());
        int in = Math.toIntExact(layer.getNIn());
        // [in, out] to [out, in].
        WeightArray matrix = known.weights(name, "W")
                .map(kernel -> WeightArray.transposed(kernel, in))
                .orElseGet(() -> WeightArray.of(floats(weights.get("W").transpose())));
        IActivation function = ((BaseLayer) layer).getActivationFn();
        Activation activation = ActivationFunctions.end(function);
        int value = plan.add(name, new Dense(in, out, matrix, bias(weights, out), activation), input);
        return ActivationFunctions.addRest(plan, name, function, value, format);
    }

    private Window window(int input, ConvolutionMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation)
            throws UnplannedException {
        return switch (mode) {
            case Same -> Window.same(plan.shape(input), kernel[0], kernel[1], stride, dilation);
            case Strict, Truncate ->
                new Window(
                        kernel[0],
                        kernel[1],
                        stride[0],
                        stride[1],
                        dilation[0],
                        dilation[1],
                        new Padding(padding[0], padding[0], padding[1], padding[1]));
            case Causal -> throw new UnplannedException("causal padding is not known to the plan");
        };
    }

    private static float[] bias(Map<String, INDArray> weights, int outputs) {
        return weights.containsKey("b") ? floats(weights.get("b")) : new float[outputs];
    }

    // ---- poolings ----

    private Pooling pooling(SubsamplingLayer layer, int input) throws UnplannedException {
        Window window = window(
                input,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        if (layer.isAvgPoolIncludePadInDivisor() && !window.padding().isNone()) {
            throw new UnplannedException("an average that counts its border is not known to the plan");
        }
        return switch (layer.getPoolingType()) {
            case MAX -> new Pooling(Pooling.Kind.MAXIMUM, window);
            case AVG -> new Pooling(Pooling.Kind.AVERAGE, window);
            case SUM, PNORM ->
                throw new UnplannedException(layer.getPoolingType() + " pooling is not known to the plan");
        };
    }

    private static Pooling.Kind kind(PoolingType type) throws UnplannedException {
        return switch (type) {
            case MAX -> Pooling.Kind.MAXIMUM;
            case AVG -> Pooling.Kind.AVERAGE;
            case SUM, PNORM -> throw new UnplannedException(type + " pooling is not known to the plan");
        };
    }

    /** Checks that a global pooling pools height and width. */
    private void requireDimensions(GlobalPoolingLayer pooling, int input) throws UnplannedException {
        int[] rowsAndColumns = format == CNN2DFormat.NCHW ? new int[] {2, 3} : new int[] {1, 2};
        int[] pooled = pooling.getPoolingDimensions() == null ? new int[] {2, 3} : pooling.getPoolingDimensions();
        if (!plan.shape(input).isVector() && !Arrays.equals(pooled, rowsAndColumns)) {
            throw new UnplannedException("averages the dimensions " + Arrays.toString(pooled) + " in a graph of "
                    + format + ", not height and width");
        }
    }

    // ---- common ----

    /** Returns a parameter in row-major order, from the model's file if it is there. */
    private WeightArray array(String layer, String parameter, Map<String, INDArray> weights) {
        return known.weights(layer, parameter).orElseGet(() -> WeightArray.of(floats(weights.get(parameter))));
    }

    private void requireFormat(CNN2DFormat own) throws UnplannedException {
        if (own != format) {
            throw new UnplannedException("works on " + own + " in a graph of " + format);
        }
    }

    /** Converts DL4J's order: top, bottom, left, right. */
    private static Padding border(int[] sides) {
        return new Padding(sides[0], sides[1], sides[2], sides[3]);
    }

    /** Copies an array of any order and type in row-major order. */
    static float[] floats(INDArray array) {
        // Closed at once: the garbage collector would keep a large network's copies in native memory.
        try (INDArray copy = array.castTo(DataType.FLOAT).dup('c')) {
            return copy.data().asFloat();
        }
    }
}
