package org.cam4j.keras;

import java.util.List;
import java.util.Optional;

/** {@code GlobalAveragePooling2D} and {@code GlobalMaxPooling2D}: to [c], or [1, 1, c] with {@code keepdims}. */
final class GlobalPoolingKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        int channels = inputs.get(0).channels();
        return config.flag("keepdims", false) ? Shape.of(1, 1, channels) : Shape.of(channels);
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        return new Keras2Layer(config.className());
    }
}
