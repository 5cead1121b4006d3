package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/** {@code GlobalAveragePooling2D} and {@code GlobalMaxPooling2D}: to [c], or [1, 1, c] with {@code keepdims}. */
enum GlobalPoolingKind implements LayerKind {
    AVERAGE(PoolingType.AVG),
    MAXIMUM(PoolingType.MAX);

    private final PoolingType type;

    GlobalPoolingKind(PoolingType type) {
        this.type = type;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        int channels = inputs.get(0).channels();
        return config.flag("keepdims", false) ? TensorShape.of(1, 1, channels) : TensorShape.of(channels);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(
                new GlobalPoolingLayer.Builder(type).poolingDimensions(1, 2).build());
    }
}
