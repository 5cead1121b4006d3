package org.cam4j.keras.kind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/** {@code BatchNormalization} over the channels, with or without scale and centre. */
public final class BatchNormalizationKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        int rank = inputs.get(0).rank();
        int axis = config.axis("axis", rank, -1);
        return axis == rank - 1 ? Optional.empty() : Optional.of("axis " + config.get("axis") + ", not the channels");
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
        weights.put("moving_mean", each);
        weights.put("moving_variance", each);
        return weights;
    }

    /** DL4J always scales and centres: by 1 and 0 where Keras does not. */
    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        WeightTensor mean = weights.get("moving_mean");
        return Map.of(
                BatchNormalizationParamInitializer.GAMMA,
                weights.getOrDefault("gamma", WeightTensor.filled(mean.shape(), 1)),
                BatchNormalizationParamInitializer.BETA,
                weights.getOrDefault("beta", WeightTensor.filled(mean.shape(), 0)),
                BatchNormalizationParamInitializer.GLOBAL_MEAN,
                mean,
                BatchNormalizationParamInitializer.GLOBAL_VAR,
                weights.get("moving_variance"));
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        double epsilon = config.number("epsilon", 1e-3);
        if (epsilon < 0) {
            throw config.wrong("epsilon", "a number of at least 0");
        }
        int channels = inputs.get(0).channels();
        return LayerKind.vertex(new BatchNormalization.Builder()
                .nIn(channels)
                .nOut(channels)
                .eps(epsilon)
                .decay(config.number("momentum", 0.99))
                .useLogStd(false)
                .dataFormat(CNN2DFormat.NHWC)
                .build());
    }
}
