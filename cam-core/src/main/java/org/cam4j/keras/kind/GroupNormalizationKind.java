package org.cam4j.keras.kind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.layers.GroupNormalization;
import org.cam4j.keras.config.ChannelsFirst;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code GroupNormalization} along the channels, with or without scale and centre; {@code groups=-1} is a group for each channel. */
final class GroupNormalizationKind implements LayerKind {

    private static final String GROUPS = "groups";

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        if (config.axis("axis", input.rank(), -1) != input.rank() - 1) {
            return Optional.of("axis " + config.get("axis") + ", not the channels");
        }
        return ChannelsFirst.unlessVector(config, input);
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        int groups = groups(config, inputs.get(0));
        if (inputs.get(0).channels() % groups != 0) {
            throw config.contradiction(
                    "has " + groups + " groups of " + inputs.get(0).channels() + " channels");
        }
        return inputs.get(0);
    }

    private static int groups(LayerConfig config, TensorShape input) {
        return config.get(GROUPS).asInt() == -1 ? input.channels() : config.count(GROUPS, 32);
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
        TensorShape input = inputs.get(0);
        return LayerKind.vertex(new GroupNormalization(
                input.channels(),
                groups(config, input),
                epsilon,
                config.flag("scale", true),
                config.flag("center", true)));
    }
}
