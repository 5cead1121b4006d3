package org.cam4j.keras.kind;

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
final class GroupNormalizationKind extends ScaledNormalization {

    private static final String GROUPS = "groups";

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        return isAlongChannels(config, input)
                ? ChannelsFirst.unlessVector(config, input)
                : Optional.of(otherAxis(config));
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
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        return weights;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        return LayerKind.vertex(new GroupNormalization(
                input.channels(), groups(config, input), epsilon(config), isScaled(config), isCentered(config)));
    }
}
