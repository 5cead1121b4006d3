package org.cam4j.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** {@code Dense} on a vector: kernel [features, units]. */
final class DenseKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config) {
        return ActivationFunction.objection(config);
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0).isVector()
                ? Optional.empty()
                : Optional.of("an input of shape " + inputs.get(0) + ", where a vector is read");
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return Shape.of(config.count("units"));
    }

    @Override
    public Map<String, Shape> weights(LayerConfig config, List<Shape> inputs) {
        Map<String, Shape> weights = new LinkedHashMap<>();
        weights.put("kernel", Shape.of(inputs.get(0).channels(), config.count("units")));
        if (config.flag("use_bias", true)) {
            weights.put("bias", Shape.of(config.count("units")));
        }
        return weights;
    }

    @Override
    public Map<String, Tensor> parameters(Map<String, Tensor> weights) {
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put(DefaultParamInitializer.WEIGHT_KEY, weights.get("kernel"));
        if (weights.containsKey("bias")) {
            parameters.put(DefaultParamInitializer.BIAS_KEY, weights.get("bias"));
        }
        return parameters;
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        return new Keras2Layer(config.className())
                .with("units", config.count("units"))
                .with("use_bias", config.flag("use_bias", true))
                .with("activation", ActivationFunction.of(config))
                .initialized("kernel_initializer");
    }
}
