package org.cam4j.keras.kind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.layers.GroupedConvolution2D;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BaseConvBuilder;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.params.DepthwiseConvolutionParamInitializer;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;

/** The convolutions of maps. */
public enum ConvolutionKind implements LayerKind {
    /** {@code Conv2D}: kernel [kh, kw, in / groups, filters]. */
    STANDARD {
        @Override
        int filters(LayerConfig config, TensorShape input) {
            return config.count("filters");
        }

        @Override
        void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, TensorShape> weights) {
            weights.put(
                    KERNEL, TensorShape.of(size[0], size[1], in / config.count(GROUPS, 1), config.count("filters")));
        }

        @Override
        void putKernels(Map<String, WeightTensor> weights, Map<String, WeightTensor> parameters) {
            parameters.put(
                    ConvolutionParamInitializer.WEIGHT_KEY, weights.get(KERNEL).outputsFirst());
        }

        @Override
        Layer layer(LayerConfig config, TensorShape input) {
            int groups = config.count(GROUPS, 1);
            return groups == 1
                    ? described(new ConvolutionLayer.Builder().dataFormat(CNN2DFormat.NHWC), config, input)
                            .build()
                    : described(new GroupedConvolution2D.Builder(groups), config, input)
                            .build();
        }
    },
    /** {@code DepthwiseConv2D}: depthwise kernel [kh, kw, in, multiplier]; output channel {@code c · multiplier + m}. */
    DEPTHWISE {
        @Override
        int filters(LayerConfig config, TensorShape input) {
            return Math.multiplyExact(input.channels(), config.count(MULTIPLIER, 1));
        }

        @Override
        void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, TensorShape> weights) {
            weights.put(DEPTHWISE_KERNEL, TensorShape.of(size[0], size[1], in, config.count(MULTIPLIER, 1)));
        }

        @Override
        void putKernels(Map<String, WeightTensor> weights, Map<String, WeightTensor> parameters) {
            parameters.put(DepthwiseConvolutionParamInitializer.WEIGHT_KEY, weights.get(DEPTHWISE_KERNEL));
        }

        @Override
        Layer layer(LayerConfig config, TensorShape input) {
            return described(
                            new DepthwiseConvolution2D.Builder()
                                    .depthMultiplier(config.count(MULTIPLIER, 1))
                                    .dataFormat(CNN2DFormat.NHWC),
                            config,
                            input)
                    .build();
        }
    },
    /** {@code SeparableConv2D}: a depthwise kernel, then a pointwise kernel [1, 1, in · multiplier, filters]. */
    SEPARABLE {
        @Override
        int filters(LayerConfig config, TensorShape input) {
            return config.count("filters");
        }

        @Override
        void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, TensorShape> weights) {
            int multiplier = config.count(MULTIPLIER, 1);
            weights.put(DEPTHWISE_KERNEL, TensorShape.of(size[0], size[1], in, multiplier));
            weights.put(
                    "pointwise_kernel",
                    TensorShape.of(1, 1, Math.multiplyExact(in, multiplier), config.count("filters")));
        }

        @Override
        void putKernels(Map<String, WeightTensor> weights, Map<String, WeightTensor> parameters) {
            parameters.put(
                    SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY,
                    weights.get(DEPTHWISE_KERNEL).outputsFirst());
            parameters.put(
                    SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY,
                    weights.get("pointwise_kernel").outputsFirst());
        }

        @Override
        Layer layer(LayerConfig config, TensorShape input) {
            return described(
                            new SeparableConvolution2D.Builder()
                                    .depthMultiplier(config.count(MULTIPLIER, 1))
                                    .dataFormat(CNN2DFormat.NHWC),
                            config,
                            input)
                    .build();
        }
    };

    private static final String KERNEL = "kernel";
    private static final String DEPTHWISE_KERNEL = "depthwise_kernel";
    private static final String MULTIPLIER = "depth_multiplier";
    private static final String GROUPS = "groups";
    private static final String SIZE = "kernel_size";

    abstract int filters(LayerConfig config, TensorShape input);

    abstract void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, TensorShape> weights);

    /** Converts Keras' kernels to DL4J's. */
    abstract void putKernels(Map<String, WeightTensor> weights, Map<String, WeightTensor> parameters);

    abstract Layer layer(LayerConfig config, TensorShape input);

    <B extends BaseConvBuilder<B>> B described(B builder, LayerConfig config, TensorShape input) {
        return SlidingWindow.of(config, SIZE, true)
                .describe(builder)
                .nIn(input.channels())
                .nOut(filters(config, input))
                .hasBias(config.flag("use_bias", true))
                .activation(ActivationFunction.of(config));
    }

    @Override
    public Optional<String> objection(LayerConfig config) {
        return ActivationFunction.objection(config);
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0)).or(() -> ActivationFunction.objection(config, inputs.get(0)));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        int filters = filters(config, input);
        int groups = config.count(GROUPS, 1);
        if (input.channels() % groups != 0 || filters % groups != 0) {
            throw config.contradiction("has " + groups + " groups, which do not divide " + input.channels()
                    + " channels and " + filters + " filters");
        }
        return SlidingWindow.of(config, SIZE, true).over(config, input, filters);
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        Map<String, TensorShape> weights = new LinkedHashMap<>();
        putKernelShapes(config, inputs.get(0).channels(), config.pair(SIZE, 1), weights);
        if (config.flag("use_bias", true)) {
            weights.put("bias", TensorShape.of(filters(config, inputs.get(0))));
        }
        return weights;
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        Map<String, WeightTensor> parameters = new LinkedHashMap<>();
        putKernels(weights, parameters);
        if (weights.containsKey("bias")) {
            parameters.put(ConvolutionParamInitializer.BIAS_KEY, weights.get("bias"));
        }
        return parameters;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(layer(config, inputs.get(0)));
    }
}
