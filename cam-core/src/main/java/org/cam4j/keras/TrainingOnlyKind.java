package org.cam4j.keras;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** Layers that do something only while a model is trained: dropout, noise, augmentation, penalties. */
final class TrainingOnlyKind implements LayerKind {

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0);
    }

    @Override
    public boolean isIdle(LayerConfig config, Shape input) {
        return true;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<Shape> inputs) {
        throw new IllegalStateException(config + " does nothing at inference and is dropped before");
    }
}
