package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.dl4j.layers.ChannelOrderVertex;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** Permutation of channels, as {@code x[..., ::-1]} makes BGR of RGB. Defaults to the reverse order. */
public final class ChannelOrderKind implements LayerKind {

    /** Class written by {@code Operations}; no class in Python can have this name. */
    public static final String CLASS_NAME = "cam4j:ChannelOrder";

    public static final String ORDER = "order";

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        int channels = inputs.get(0).channels();
        int[] sorted = IntStream.of(order(config, channels)).sorted().toArray();
        if (sorted.length != channels || !IntStream.range(0, channels).allMatch(i -> sorted[i] == i)) {
            throw config.contradiction("does not name each of " + channels + " channels once");
        }
        return inputs.get(0);
    }

    private static int[] order(LayerConfig config, int channels) {
        return config.has(ORDER)
                ? config.shape(ORDER, 0).sizes().stream()
                        .mapToInt(Integer::intValue)
                        .toArray()
                : IntStream.range(0, channels).map(i -> channels - 1 - i).toArray();
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return new ChannelOrderVertex(order(config, inputs.get(0).channels()));
    }
}
