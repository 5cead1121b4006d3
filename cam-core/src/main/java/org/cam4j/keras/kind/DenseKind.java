package org.cam4j.keras.kind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.config.ChannelsFirst;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** {@code Dense}, along the channels: kernel [channels, units]. {@code EquivalentLayers} leaves it on vectors only. */
public final class DenseKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config) {
        return ActivationFunction.objection(config);
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return ChannelsFirst.unlessVector(config, inputs.get(0));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0).withChannels(config.count("units"));
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        Map<String, TensorShape> weights = new LinkedHashMap<>();
        weights.put("kernel", TensorShape.of(inputs.get(0).channels(), config.count("units")));
        if (config.flag("use_bias", true)) {
            weights.put("bias", TensorShape.of(config.count("units")));
        }
        return weights;
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        Map<String, WeightTensor> parameters = new LinkedHashMap<>();
        parameters.put(DefaultParamInitializer.WEIGHT_KEY, weights.get("kernel"));
        if (weights.containsKey("bias")) {
            parameters.put(DefaultParamInitializer.BIAS_KEY, weights.get("bias"));
        }
        return parameters;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(new DenseLayer.Builder()
                .nIn(inputs.get(0).channels())
                .nOut(config.count("units"))
                .hasBias(config.flag("use_bias", true))
                .activation(ActivationFunction.of(config))
                .build());
    }
}
