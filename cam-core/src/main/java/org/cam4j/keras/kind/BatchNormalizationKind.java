package org.cam4j.keras.kind;

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
public final class BatchNormalizationKind extends ScaledNormalization {

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return isAlongChannels(config, inputs.get(0)) ? Optional.empty() : Optional.of(otherAxis(config));
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        TensorShape each = TensorShape.of(inputs.get(0).channels());
        Map<String, TensorShape> weights = super.weights(config, inputs);
        weights.put("moving_mean", each);
        weights.put("moving_variance", each);
        return weights;
    }

    /** Converts the weights. DL4J always scales and centres: by 1 and 0 if Keras does not. */
    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        WeightTensor mean = weights.get("moving_mean");
        return Map.of(
                BatchNormalizationParamInitializer.GAMMA,
                weights.getOrDefault(GAMMA, WeightTensor.filled(mean.shape(), 1)),
                BatchNormalizationParamInitializer.BETA,
                weights.getOrDefault(BETA, WeightTensor.filled(mean.shape(), 0)),
                BatchNormalizationParamInitializer.GLOBAL_MEAN,
                mean,
                BatchNormalizationParamInitializer.GLOBAL_VAR,
                weights.get("moving_variance"));
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        int channels = inputs.get(0).channels();
        return LayerKind.vertex(new BatchNormalization.Builder()
                .nIn(channels)
                .nOut(channels)
                .eps(epsilon(config))
                .decay(config.number("momentum", 0.99))
                .useLogStd(false)
                .dataFormat(CNN2DFormat.NHWC)
                .build());
    }
}
