package org.cam4j.keras;

import java.util.List;
import java.util.Optional;

/** {@code ZeroPadding2D} and {@code Cropping2D}: rows and columns more or less on each side. */
enum BorderKind implements LayerKind {
    PADDING("padding", 1),
    CROPPING("cropping", -1);

    private final String key;
    private final int sign;

    BorderKind(String key, int sign) {
        this.key = key;
        this.sign = sign;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        int[] sides = config.sides(key);
        Shape input = inputs.get(0);
        return Shape.of(
                moved(config, input.height(), sides[0] + sides[1]),
                moved(config, input.width(), sides[2] + sides[3]),
                input.channels());
    }

    private int moved(LayerConfig config, int cells, int by) {
        if (cells == Shape.UNKNOWN) {
            return Shape.UNKNOWN;
        }
        int moved = cells + sign * by;
        if (moved < 1) {
            throw config.contradiction("crops " + by + " cells where its input has only " + cells);
        }
        return moved;
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        int[] sides = config.sides(key);
        Keras2Layer layer = new Keras2Layer(config.className());
        var axes = layer.config().putArray(key);
        axes.addArray().add(sides[0]).add(sides[1]);
        axes.addArray().add(sides[2]).add(sides[3]);
        return layer;
    }
}
