package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;

/** {@code UpSampling2D} by whole factors. */
final class UpSamplingKind implements LayerKind {

    private static final String NEAREST = "nearest";

    @Override
    public Optional<String> objection(LayerConfig config) {
        return ResizingKind.unlessInterpolated(config, NEAREST);
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        boolean built = isNearest(config) || inputs.get(0).isKnown();
        return LayerKind.unlessMap(inputs.get(0))
                .or(() -> built
                        ? Optional.empty()
                        : Optional.of("interpolation 'bilinear' of an input of open size " + inputs.get(0)));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        int[] factors = config.pair("size", 1);
        TensorShape input = inputs.get(0);
        return TensorShape.of(times(input.height(), factors[0]), times(input.width(), factors[1]), input.channels());
    }

    private static int times(int cells, int factor) {
        return cells == TensorShape.UNKNOWN ? TensorShape.UNKNOWN : Math.multiplyExact(cells, factor);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return isNearest(config)
                ? LayerKind.vertex(new Upsampling2D.Builder()
                        .size(config.pair("size", 1))
                        .dataFormat(CNN2DFormat.NHWC)
                        .build())
                : ResizingKind.resize(output(config, inputs), "bilinear");
    }

    private static boolean isNearest(LayerConfig config) {
        return config.text(ResizingKind.INTERPOLATION, NEAREST).equals(NEAREST);
    }
}
