package org.cam4j.keras.kind;

import java.util.List;
import org.cam4j.dl4j.layers.ChannelSliceVertex;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** A range of channels of a map or a vector; {@code Slicing} writes this kind. */
public final class ChannelSliceKind implements LayerKind {

    /** Class name of this kind; no class in Python can have it. */
    public static final String CLASS_NAME = "cam4j:ChannelSlice";

    /** Keys of the first channel, from 0, and of the end, exclusive. */
    public static final String FIRST = "first";

    public static final String END = "end";

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        int first = first(config);
        int end = config.count(END);
        if (first >= end || end > inputs.get(0).channels()) {
            throw config.contradiction("takes channels " + first + " to " + end + " of " + inputs.get(0));
        }
        return inputs.get(0).withChannels(end - first);
    }

    private static int first(LayerConfig config) {
        return config.has(FIRST) ? config.count(FIRST) : 0;
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return output(config, List.of(input)).equals(input);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new ChannelSliceVertex(first(config), output(config, inputs).channels());
    }
}
