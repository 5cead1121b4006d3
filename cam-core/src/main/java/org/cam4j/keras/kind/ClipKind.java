package org.cam4j.keras.kind;

import java.util.List;
import org.cam4j.dl4j.layers.ClippedActivation;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;

/** Clips values to a lower and an upper bound, one of which may be missing; {@code Operations} writes this kind. */
public final class ClipKind implements LayerKind {

    /** Class name of this kind; no class in Python can have it. */
    public static final String CLASS_NAME = "cam4j:Clip";

    public static final String LOW = "low";
    public static final String HIGH = "high";

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
