package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;

/** {@code Flatten}: [h, w, c] to [h · w · c], channels fastest. */
final class FlattenKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0).isKnown() ? Optional.empty() : Optional.of("an input of open size " + inputs.get(0));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return TensorShape.of(Math.toIntExact(inputs.get(0).elements()));
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return input.isVector();
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new ReshapeVertex(-1, output(config, inputs).channels());
    }
}
