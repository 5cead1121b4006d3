package org.cam4j.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.layers.TransposedConvolution2D;
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
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return LayerKind.unlessMap(inputs.get(0)).or(() -> ActivationFunction.objection(config, inputs.get(0)));
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        Window window = Window.of(config, SIZE, true);
        Shape input = inputs.get(0);
        return Shape.of(
                enlarged(window, input.height(), 0), enlarged(window, input.width(), 1), config.count("filters"));
    }

    private static int enlarged(Window window, int cells, int axis) {
        if (cells == Shape.UNKNOWN) {
            return Shape.UNKNOWN;
        }
        int steps = Math.multiplyExact(cells, window.stride()[axis]);
        int reach = Math.addExact(Math.multiplyExact(window.size()[axis] - 1, window.dilation()[axis]), 1);
        return window.same() ? steps : Math.addExact(steps, Math.max(reach - window.stride()[axis], 0));
    }

    @Override
    public Map<String, Shape> weights(LayerConfig config, List<Shape> inputs) {
        int[] size = config.pair(SIZE, 1);
        int filters = config.count("filters");
        Map<String, Shape> weights = new LinkedHashMap<>();
        weights.put("kernel", Shape.of(size[0], size[1], filters, inputs.get(0).channels()));
        if (config.flag("use_bias", true)) {
            weights.put("bias", Shape.of(filters));
        }
        return weights;
    }

    @Override
    public Map<String, Tensor> parameters(Map<String, Tensor> weights) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put(
                ConvolutionParamInitializer.WEIGHT_KEY, weights.get("kernel").outputsFirst());
        if (weights.containsKey("bias")) {
            parameters.put(ConvolutionParamInitializer.BIAS_KEY, weights.get("bias"));
        }
        return parameters;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<Shape> inputs) {
        return LayerKind.vertex(Window.of(config, SIZE, true)
                .describe(new TransposedConvolution2D.Builder())
                .nIn(inputs.get(0).channels())
                .nOut(config.count("filters"))
                .hasBias(config.flag("use_bias", true))
                .activation(ActivationFunction.of(config))
                .build());
    }
}
