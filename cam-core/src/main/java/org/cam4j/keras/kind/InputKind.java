package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code InputLayer}: a batch of images [h, w, c], or of vectors. */
final class InputKind implements LayerKind {

    /** Most rows and columns; larger inputs are no image that a network takes. */
    private static final int LARGEST = 16_384;

    @Override
    public boolean accepts(int inputs) {
        return inputs == 0;
    }

    @Override
    public Optional<String> objection(LayerConfig config) {
        TensorShape batch = config.shape(LayerConfig.INPUT_SHAPE, 1);
        return batch.rank() == 2 || batch.rank() == 4
                ? Optional.empty()
                : Optional.of("an input of shape " + batch + ", where images [batch, h, w, c] are read");
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        TensorShape batch = config.shape(LayerConfig.INPUT_SHAPE, 1);
        TensorShape shape = new TensorShape(batch.sizes().subList(1, batch.rank()));
        if (shape.sizes().stream().anyMatch(size -> size > LARGEST) || shape.channels() == TensorShape.UNKNOWN) {
            throw config.wrong(LayerConfig.INPUT_SHAPE, "known channels and sizes up to " + LARGEST);
        }
        return shape;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        throw new IllegalStateException(config + " is an input and no vertex");
    }
}
