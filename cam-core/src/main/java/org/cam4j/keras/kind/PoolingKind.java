package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** {@code MaxPooling2D} and {@code AveragePooling2D}; padded cells count in neither. */
enum PoolingKind implements LayerKind {
    AVERAGE(SubsamplingLayer.PoolingType.AVG),
    MAXIMUM(SubsamplingLayer.PoolingType.MAX);

    private static final String SIZE = "pool_size";

    private final SubsamplingLayer.PoolingType type;

    PoolingKind(SubsamplingLayer.PoolingType type) {
        this.type = type;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return SlidingWindow.of(config, SIZE, false)
                .over(config, inputs.get(0), inputs.get(0).channels());
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        SlidingWindow window = SlidingWindow.of(config, SIZE, false);
        return LayerKind.vertex(new SubsamplingLayer.Builder(type, window.size(), window.stride())
                .dilation(window.dilation())
                .convolutionMode(window.mode())
                .dataFormat(CNN2DFormat.NHWC)
                .build());
    }
}
