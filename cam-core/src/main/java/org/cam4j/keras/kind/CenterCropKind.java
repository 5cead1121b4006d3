package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** {@code CenterCrop} to a fixed size; an input that is too small is resized, see {@link AspectRatio}. */
public final class CenterCropKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        return LayerKind.unlessMap(input)
                .or(() -> input.isKnown()
                        ? AspectRatio.objection(config, input, output(config, inputs))
                        : Optional.of("an input of the open size " + input));
    }

    /** Whether the layer only crops, without resizing. */
    public static boolean isLargeEnough(TensorShape input, TensorShape target) {
        return input.height() >= target.height() && input.width() >= target.width();
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return ResizingKind.resized(config, inputs.get(0));
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return output(config, List.of(input)).equals(input);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        TensorShape target = output(config, inputs);
        int rows = inputs.get(0).height() - target.height();
        int columns = inputs.get(0).width() - target.width();
        return LayerKind.vertex(new Cropping2D.Builder(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2)
                .dataFormat(CNN2DFormat.NHWC)
                .build());
    }
}
