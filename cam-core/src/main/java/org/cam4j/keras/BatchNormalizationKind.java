package org.cam4j.keras;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code BatchNormalization} over the channels, with or without scale and centre. */
final class BatchNormalizationKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        int rank = inputs.get(0).rank();
        int axis = config.axis("axis", rank, -1);
        return axis == rank - 1 ? Optional.empty() : Optional.of("axis " + config.get("axis") + ", not the channels");
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Map<String, Shape> weights(LayerConfig config, List<Shape> inputs) {
        Shape each = Shape.of(inputs.get(0).channels());
        Map<String, Shape> weights = new LinkedHashMap<>();
        if (config.flag("scale", true)) {
            weights.put("gamma", each);
        }
        if (config.flag("center", true)) {
            weights.put("beta", each);
        }
        weights.put("moving_mean", each);
        weights.put("moving_variance", each);
        return weights;
    }

    /** DL4J always scales and centres: by 1 and 0 where Keras does not. */
    @Override
    public Map<String, Tensor> completed(LayerConfig config, Map<String, Tensor> weights) {
        Shape each = weights.get("moving_mean").shape();
        float[] ones = new float[each.channels()];
        Arrays.fill(ones, 1);
        Map<String, Tensor> completed = new LinkedHashMap<>(weights);
        completed.putIfAbsent("gamma", new Tensor(each, ones));
        completed.putIfAbsent("beta", new Tensor(each, new float[each.channels()]));
        return completed;
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        double epsilon = config.number("epsilon", 1e-3);
        if (epsilon < 0) {
            throw config.wrong("epsilon", "a number of at least 0");
        }
        return new Keras2Layer(config.className())
                .with("axis", -1)
                .with("momentum", config.number("momentum", 0.99))
                .with("epsilon", epsilon);
    }
}
