package org.cam4j.keras;

import java.util.List;
import org.cam4j.dl4j.layers.ClippedActivation;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;

/** Numbers, but at least one bound and at most another, either of which may be missing; {@code Operations} writes it. */
final class ClipKind implements LayerKind {

    /** No name that a class in Python can have. */
    static final String CLASS_NAME = "cam4j:Clip";

    static final String LOW = "low";
    static final String HIGH = "high";

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        double low = config.number(LOW, -Float.MAX_VALUE);
        double high = config.number(HIGH, Float.MAX_VALUE);
        if (low > high) {
            throw config.contradiction("clips to numbers from " + low + " to " + high);
        }
        return LayerKind.vertex(new ActivationLayer.Builder()
                .activation(new ClippedActivation((float) low, (float) high))
                .build());
    }
}
