package org.cam4j.keras;

import java.util.List;
import java.util.Optional;

/** {@code MaxPooling2D} and {@code AveragePooling2D}; padded cells count in neither. */
final class PoolingKind implements LayerKind {

    private static final String SIZE = "pool_size";

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return Window.of(config, SIZE, false)
                .over(config, inputs.get(0), inputs.get(0).channels());
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        return Window.of(config, SIZE, false).describe(new Keras2Layer(config.className()), SIZE);
    }
}
