package org.cam4j.keras;

import java.util.List;
import java.util.Map;
import org.cam4j.layers.ChannelScale;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** ConvNeXt's {@code LayerScale}: every channel times a trained factor. */
final class LayerScaleKind implements LayerKind {

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Map<String, Shape> weights(LayerConfig config, List<Shape> inputs) {
        return Map.of("gamma", Shape.of(inputs.get(0).channels()));
    }

    @Override
    public Map<String, Tensor> parameters(Map<String, Tensor> weights) {
        return weights;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<Shape> inputs) {
        return LayerKind.vertex(new ChannelScale(inputs.get(0).channels()));
    }
}
