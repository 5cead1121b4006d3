package org.cam4j.keras.kind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.layers.TransposedConvolution2D;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;

/** {@code Conv2DTranspose}: kernel [kh, kw, filters, in]. */
final class TransposedConvolutionKind implements LayerKind {

    private static final String SIZE = "kernel_size";

    @Override
    public Optional<String> objection(LayerConfig config) {
        return config.has("output_padding")
                ? Optional.of("output_padding = " + config.get("output_padding"))
                : ActivationFunction.objection(config);
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0)).or(() -> ActivationFunction.objection(config, inputs.get(0)));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        SlidingWindow window = SlidingWindow.of(config, SIZE, true);
        TensorShape input = inputs.get(0);
        return TensorShape.of(
                enlarged(window, input.height(), 0), enlarged(window, input.width(), 1), config.count("filters"));
    }

    private static int enlarged(SlidingWindow window, int cells, int axis) {
        if (cells == TensorShape.UNKNOWN) {
            return TensorShape.UNKNOWN;
        }
        int steps = Math.multiplyExact(cells, window.stride()[axis]);
        int reach = Math.addExact(Math.multiplyExact(window.size()[axis] - 1, window.dilation()[axis]), 1);
        return window.same() ? steps : Math.addExact(steps, Math.max(reach - window.stride()[axis], 0));
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        int[] size = config.pair(SIZE, 1);
        int filters = config.count("filters");
        Map<String, TensorShape> weights = new LinkedHashMap<>();
        weights.put(
                "kernel",
                TensorShape.of(size[0], size[1], filters, inputs.get(0).channels()));
        if (config.flag("use_bias", true)) {
            weights.put("bias", TensorShape.of(filters));
        }
        return weights;
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        Map<String, WeightTensor> parameters = new LinkedHashMap<>();
        parameters.put(
                ConvolutionParamInitializer.WEIGHT_KEY, weights.get("kernel").outputsFirst());
        if (weights.containsKey("bias")) {
            parameters.put(ConvolutionParamInitializer.BIAS_KEY, weights.get("bias"));
        }
        return parameters;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(SlidingWindow.of(config, SIZE, true)
                .describe(new TransposedConvolution2D.Builder())
                .nIn(inputs.get(0).channels())
                .nOut(config.count("filters"))
                .hasBias(config.flag("use_bias", true))
                .activation(ActivationFunction.of(config))
                .build());
    }
}
