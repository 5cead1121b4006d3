package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** {@code ZeroPadding2D} and {@code Cropping2D}: add or remove rows and columns on each side. */
enum PaddingKind implements LayerKind {
    PADDING("padding", 1) {
        @Override
        Layer layer(int[] sides) {
            return new ZeroPaddingLayer.Builder(sides)
                    .dataFormat(CNN2DFormat.NHWC)
                    .build();
        }
    },
    CROPPING("cropping", -1) {
        @Override
        Layer layer(int[] sides) {
            return new Cropping2D.Builder(sides).dataFormat(CNN2DFormat.NHWC).build();
        }
    };

    private final String key;
    private final int sign;

    PaddingKind(String key, int sign) {
        this.key = key;
        this.sign = sign;
    }

    abstract Layer layer(int[] sides);

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        int[] sides = config.sides(key);
        TensorShape input = inputs.get(0);
        return TensorShape.of(
                moved(config, input.height(), sides[0] + sides[1]),
                moved(config, input.width(), sides[2] + sides[3]),
                input.channels());
    }

    private int moved(LayerConfig config, int cells, int by) {
        if (cells == TensorShape.UNKNOWN) {
            return TensorShape.UNKNOWN;
        }
        int moved = cells + sign * by;
        if (moved < 1) {
            throw config.contradiction("crops " + by + " cells where its input has only " + cells);
        }
        return moved;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(layer(config.sides(key)));
    }
}
