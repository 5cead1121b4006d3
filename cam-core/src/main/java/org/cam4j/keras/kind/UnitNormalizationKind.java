package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.dl4j.layers.UnitNormalizationVertex;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code UnitNormalization} over the channels; {@code l2_normalize} is written as this class with its epsilon. */
public final class UnitNormalizationKind implements LayerKind {

    /** The lower bound of the sum of squares, which the layer of Keras has no setting for. */
    public static final String SQUARED_EPSILON = "squared_epsilon";

    /** Keras 3 bounds the length by 1e-12. */
    private static final double USUAL = 1e-24;

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        boolean several = config.get("axis").isArray() && config.get("axis").size() > 1;
        TensorShape input = inputs.get(0);
        return (input.isVector() || input.isMap()) && !several && ScaledNormalization.isAlongChannels(config, input)
                ? Optional.empty()
                : Optional.of(ScaledNormalization.otherAxis(config));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new UnitNormalizationVertex(config.number(SQUARED_EPSILON, USUAL));
    }
}
