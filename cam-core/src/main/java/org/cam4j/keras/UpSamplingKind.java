package org.cam4j.keras;

import java.util.List;
import java.util.Optional;

/** {@code UpSampling2D} by repetition. */
final class UpSamplingKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config) {
        String interpolation = config.text("interpolation", "nearest");
        return interpolation.equals("nearest")
                ? Optional.empty()
                : Optional.of("interpolation " + Quoted.of(interpolation) + ", where 'nearest' is read");
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        int[] size = config.pair("size", 1);
        Shape input = inputs.get(0);
        return Shape.of(times(input.height(), size[0]), times(input.width(), size[1]), input.channels());
    }

    private static int times(int cells, int factor) {
        return cells == Shape.UNKNOWN ? Shape.UNKNOWN : Math.multiplyExact(cells, factor);
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        return new Keras2Layer(config.className()).with("size", config.pair("size", 1));
    }
}
