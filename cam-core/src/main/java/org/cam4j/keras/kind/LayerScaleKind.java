package org.cam4j.keras.kind;

import java.util.List;
import java.util.Map;
import org.cam4j.dl4j.layers.ChannelScale;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** ConvNeXt's {@code LayerScale}: every channel times a trained factor. */
final class LayerScaleKind implements LayerKind {

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        return Map.of("gamma", TensorShape.of(inputs.get(0).channels()));
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        return weights;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(new ChannelScale(inputs.get(0).channels()));
    }
}
