package org.cam4j.keras.kind;

import java.util.List;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** Layers that act only in training: dropout, noise, augmentation, penalties. */
public final class TrainingOnlyKind implements LayerKind {

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
