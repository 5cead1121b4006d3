package org.cam4j.keras.kind;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.layers.ResizeVertex;
import org.cam4j.dl4j.layers.ResizeVertex.Interpolation;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** {@code Resizing} to a fixed size; {@link AspectRatio} describes the crop or padding that may come before. */
public final class ResizingKind implements LayerKind {

    public static final String INTERPOLATION = "interpolation";

    /** Most rows and columns; no network has larger maps. */
    private static final int LARGEST = 16_384;

    private static final Map<String, Interpolation> INTERPOLATIONS =
            Map.of("nearest", Interpolation.NEAREST, "bilinear", Interpolation.BILINEAR);

    @Override
    public Optional<String> objection(LayerConfig config) {
        return config.flag("antialias", false) ? Optional.of("antialias=True") : unlessInterpolated(config, "bilinear");
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        TensorShape input = inputs.get(0);
        return LayerKind.unlessMap(input)
                .or(() -> AspectRatio.isKept(config)
                        ? AspectRatio.objection(config, input, output(config, inputs))
                        : Optional.empty());
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return resized(config, inputs.get(0));
    }

    @Override
    public boolean isIdle(LayerConfig config, TensorShape input) {
        return output(config, List.of(input)).equals(input);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return resize(output(config, inputs), config.text(INTERPOLATION, "bilinear"));
    }

    /** Returns the output shape of a layer with {@code height} and {@code width}. */
    static TensorShape resized(LayerConfig config, TensorShape input) {
        return TensorShape.of(size(config, "height"), size(config, "width"), input.channels());
    }

    private static int size(LayerConfig config, String key) {
        int size = config.count(key);
        if (size > LARGEST) {
            throw config.wrong(key, "a size up to " + LARGEST);
        }
        return size;
    }

    static GraphVertex resize(TensorShape to, String interpolation) {
        return new ResizeVertex(to.height(), to.width(), INTERPOLATIONS.get(interpolation.toLowerCase(Locale.ROOT)));
    }

    static Optional<String> unlessInterpolated(LayerConfig config, String otherwise) {
        String interpolation = config.text(INTERPOLATION, otherwise);
        return INTERPOLATIONS.containsKey(interpolation.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of(
                        "interpolation " + Quoted.of(interpolation) + ", where 'nearest' and 'bilinear' are read");
    }
}
