package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.dl4j.layers.ScaledSumVertex;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** InceptionResNetV2's {@code CustomScaleLayer}: the first input plus the scaled second one. */
final class ScaledSumKind implements LayerKind {

    @Override
    public boolean accepts(int inputs) {
        return inputs == 2;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0).equals(inputs.get(1))
                ? Optional.empty()
                : Optional.of("inputs of different shape " + inputs);
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new ScaledSumVertex(config.number("scale", 1));
    }
}
