package org.cam4j.keras.kind;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.layers.LayerNormalization;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code LayerNormalization} over the channels, with or without scale and centre. */
final class LayerNormalizationKind extends ScaledNormalization {

    @Override
    public Optional<String> objection(LayerConfig config) {
        return config.flag("rms_scaling", false) ? Optional.of("rms_scaling=True") : Optional.empty();
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        boolean several = config.get("axis").isArray() && config.get("axis").size() > 1;
        return !several && isAlongChannels(config, inputs.get(0)) ? Optional.empty() : Optional.of(otherAxis(config));
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        return weights;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(new LayerNormalization(
                inputs.get(0).channels(), epsilon(config), isScaled(config), isCentered(config)));
    }
}
