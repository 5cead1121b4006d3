package org.cam4j.keras.kind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;

/** Normalization along the channels. Each channel may have a trained scale, a trained centre, both or neither. */
abstract class ScaledNormalization implements LayerKind {

    static final String GAMMA = "gamma";
    static final String BETA = "beta";

    private static final String SCALE = "scale";
    private static final String CENTER = "center";

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        TensorShape each = TensorShape.of(inputs.get(0).channels());
        Map<String, TensorShape> weights = new LinkedHashMap<>();
        if (isScaled(config)) {
            weights.put(GAMMA, each);
        }
        if (isCentered(config)) {
            weights.put(BETA, each);
        }
        return weights;
    }

    static boolean isScaled(LayerConfig config) {
        return config.flag(SCALE, true);
    }

    static boolean isCentered(LayerConfig config) {
        return config.flag(CENTER, true);
    }

    /** Whether the layer's axis is that of the channels, the last one. */
    static boolean isAlongChannels(LayerConfig config, TensorShape input) {
        return config.axis("axis", input.rank(), -1) == input.rank() - 1;
    }

    /** Returns the objection to any axis but that of the channels. */
    static String otherAxis(LayerConfig config) {
        return "axis " + config.get("axis") + ", not the channels";
    }

    /** Returns epsilon, which is added to the variance. */
    static double epsilon(LayerConfig config) {
        double epsilon = config.number("epsilon", 1e-3);
        if (epsilon < 0) {
            throw config.wrong("epsilon", "a number of at least 0");
        }
        return epsilon;
    }
}
