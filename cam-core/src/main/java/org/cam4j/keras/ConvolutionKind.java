package org.cam4j.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.params.DepthwiseConvolutionParamInitializer;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;

/** {@code Conv2D}, {@code DepthwiseConv2D} and {@code SeparableConv2D}. */
enum ConvolutionKind implements LayerKind {
    /** Kernel [kh, kw, in, filters]. */
    STANDARD {
        @Override
        int filters(LayerConfig config, Shape input) {
            return config.count("filters");
        }

        @Override
        void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, Shape> weights) {
            weights.put("kernel", Shape.of(size[0], size[1], in, config.count("filters")));
        }

        @Override
        void putKernels(Map<String, Tensor> weights, Map<String, Tensor> parameters) {
            parameters.put(
                    ConvolutionParamInitializer.WEIGHT_KEY,
                    weights.get("kernel").outputsFirst());
        }

        @Override
        Keras2Layer translated(LayerConfig config, Shape input) {
            return new Keras2Layer("Conv2D")
                    .with("filters", config.count("filters"))
                    .initialized("kernel_initializer");
        }
    },
    /** Depthwise kernel [kh, kw, in, multiplier]; output channel {@code c · multiplier + m}. */
    DEPTHWISE {
        @Override
        int filters(LayerConfig config, Shape input) {
            return Math.multiplyExact(input.channels(), config.count(MULTIPLIER, 1));
        }

        @Override
        void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, Shape> weights) {
            weights.put("depthwise_kernel", Shape.of(size[0], size[1], in, config.count(MULTIPLIER, 1)));
        }

        @Override
        void putKernels(Map<String, Tensor> weights, Map<String, Tensor> parameters) {
            parameters.put(DepthwiseConvolutionParamInitializer.WEIGHT_KEY, weights.get("depthwise_kernel"));
        }

        @Override
        Keras2Layer translated(LayerConfig config, Shape input) {
            return new Keras2Layer(DepthwiseImporter.CLASS_NAME)
                    .with(DepthwiseImporter.CHANNELS, input.channels())
                    .with(MULTIPLIER, config.count(MULTIPLIER, 1))
                    .initialized("depthwise_initializer");
        }
    },
    /** Depthwise kernel [kh, kw, in, multiplier], then pointwise kernel [1, 1, in · multiplier, filters]. */
    SEPARABLE {
        @Override
        int filters(LayerConfig config, Shape input) {
            return config.count("filters");
        }

        @Override
        void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, Shape> weights) {
            int multiplier = config.count(MULTIPLIER, 1);
            weights.put("depthwise_kernel", Shape.of(size[0], size[1], in, multiplier));
            weights.put(
                    "pointwise_kernel", Shape.of(1, 1, Math.multiplyExact(in, multiplier), config.count("filters")));
        }

        @Override
        void putKernels(Map<String, Tensor> weights, Map<String, Tensor> parameters) {
            parameters.put(
                    SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY,
                    weights.get("depthwise_kernel").outputsFirst());
            parameters.put(
                    SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY,
                    weights.get("pointwise_kernel").outputsFirst());
        }

        @Override
        Keras2Layer translated(LayerConfig config, Shape input) {
            return new Keras2Layer("SeparableConv2D")
                    .with("filters", config.count("filters"))
                    .with(MULTIPLIER, config.count(MULTIPLIER, 1))
                    .initialized("depthwise_initializer", "pointwise_initializer");
        }
    };

    private static final String MULTIPLIER = "depth_multiplier";
    private static final String SIZE = "kernel_size";

    abstract int filters(LayerConfig config, Shape input);

    abstract void putKernelShapes(LayerConfig config, int in, int[] size, Map<String, Shape> weights);

    /** DL4J's kernels made of Keras' kernels. */
    abstract void putKernels(Map<String, Tensor> weights, Map<String, Tensor> parameters);

    abstract Keras2Layer translated(LayerConfig config, Shape input);

    @Override
    public Optional<String> objection(LayerConfig config) {
        if (config.count("groups", 1) != 1) {
            return Optional.of("groups = " + config.count("groups"));
        }
        return ActivationFunction.objection(config);
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return LayerKind.unlessMap(inputs.get(0)).or(() -> ActivationFunction.objection(config, inputs.get(0)));
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        Shape input = inputs.get(0);
        return Window.of(config, SIZE, true).over(config, input, filters(config, input));
    }

    @Override
    public Map<String, Shape> weights(LayerConfig config, List<Shape> inputs) {
        Map<String, Shape> weights = new LinkedHashMap<>();
        putKernelShapes(config, inputs.get(0).channels(), config.pair(SIZE, 1), weights);
        if (config.flag("use_bias", true)) {
            weights.put("bias", Shape.of(filters(config, inputs.get(0))));
        }
        return weights;
    }

    @Override
    public Map<String, Tensor> parameters(Map<String, Tensor> weights) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        putKernels(weights, parameters);
        if (weights.containsKey("bias")) {
            parameters.put(ConvolutionParamInitializer.BIAS_KEY, weights.get("bias"));
        }
        return parameters;
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        Keras2Layer layer = translated(config, inputs.get(0))
                .with("use_bias", config.flag("use_bias", true))
                .with("activation", ActivationFunction.of(config));
        return Window.of(config, SIZE, true).describe(layer, SIZE);
    }
}
