package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * {@code RandomCrop} to the size of its input, which does nothing at inference. Other sizes are refused: Keras 2 then resizes, and Keras 3
 * leaves the image unchanged, although the layers behind were built for the smaller one.
 */
final class RandomCropKind implements LayerKind {

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        return LayerKind.unlessMap(input)
                .or(() -> cropped(config, input).equals(input)
                        ? Optional.empty()
                        : Optional.of("a crop of " + input + " to " + cropped(config, input)
                                + ", which differs between versions of Keras at inference"));
    }

    private static TensorShape cropped(LayerConfig config, TensorShape input) {
        return TensorShape.of(config.count("height"), config.count("width"), input.channels());
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return true;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        throw new IllegalStateException(config + " does nothing at inference and is dropped before");
    }
}
