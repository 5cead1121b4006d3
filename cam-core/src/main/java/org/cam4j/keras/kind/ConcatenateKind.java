package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;

/** {@code Concatenate} along the channels. */
final class ConcatenateKind implements LayerKind {

    @Override
    public boolean accepts(int inputs) {
        return inputs >= 2;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        int rank = inputs.get(0).rank();
        if (inputs.stream().anyMatch(input -> input.rank() != rank)) {
            return Optional.of("inputs of different shape " + inputs);
        }
        return config.axis("axis", rank, -1) == rank - 1
                ? Optional.empty()
                : Optional.of("axis " + config.get("axis") + ", not the channels");
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        int channels = 0;
        for (TensorShape input : inputs) {
            if (!input.withChannels(1).equals(inputs.get(0).withChannels(1))) {
                throw config.contradiction("joins maps of different size " + inputs);
            }
            channels = Math.addExact(channels, input.channels());
        }
        return inputs.get(0).withChannels(channels);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        MergeVertex vertex = new MergeVertex();
        vertex.setMergeAxis(inputs.get(0).rank());
        return vertex;
    }
}
