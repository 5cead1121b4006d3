package org.cam4j.keras;

import java.util.List;
import java.util.Optional;

/** {@code Flatten}: [h, w, c] to [h · w · c], channels fastest. */
final class FlattenKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0).isKnown() ? Optional.empty() : Optional.of("an input of open size " + inputs.get(0));
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return Shape.of(Math.toIntExact(inputs.get(0).elements()));
    }

    @Override
    public boolean isIdle(LayerConfig config, Shape input) {
        return input.isVector();
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        return new Keras2Layer(config.className());
    }
}
