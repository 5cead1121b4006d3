package org.cam4j.keras.kind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.layers.LayerNormalization;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code LayerNormalization} over the channels, with or without scale and centre. */
final class LayerNormalizationKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config) {
        return config.flag("rms_scaling", false) ? Optional.of("rms_scaling=True") : Optional.empty();
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        int rank = inputs.get(0).rank();
        boolean several = config.get("axis").isArray() && config.get("axis").size() > 1;
        return !several && config.axis("axis", rank, -1) == rank - 1
                ? Optional.empty()
                : Optional.of("axis " + config.get("axis") + ", not the channels");
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        TensorShape each = TensorShape.of(inputs.get(0).channels());
        Map<String, TensorShape> weights = new LinkedHashMap<>();
        if (config.flag("scale", true)) {
            weights.put("gamma", each);
        }
        if (config.flag("center", true)) {
            weights.put("beta", each);
        }
        return weights;
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        return weights;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        double epsilon = config.number("epsilon", 1e-3);
        if (epsilon < 0) {
            throw config.wrong("epsilon", "a number of at least 0");
        }
        return LayerKind.vertex(new LayerNormalization(
                inputs.get(0).channels(), epsilon, config.flag("scale", true), config.flag("center", true)));
    }
}
