package org.cam4j.keras;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cam4j.dl4j.layers.ResizeVertex;
import org.cam4j.dl4j.layers.ResizeVertex.Interpolation;
import org.cam4j.exception.Quoted;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;

/** Layers that bring maps to another size. */
enum ResizingKind implements LayerKind {
    /** {@code Resizing} to a fixed size. */
    RESIZING {
        @Override
        public Optional<String> objection(LayerConfig config) {
            for (String flag : List.of("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")) {
                if (config.flag(flag, false)) {
                    return Optional.of(flag + "=True");
                }
            }
            return unlessInterpolated(config, "bilinear");
        }

        @Override
        public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
            return TensorShape.of(
                    size(config, "height"), size(config, "width"), inputs.get(0).channels());
        }

        @Override
        public boolean isIdle(LayerConfig config, TensorShape input) {
            return output(config, List.of(input)).equals(input);
        }

        @Override
        public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
            return resize(output(config, inputs), config.text(INTERPOLATION, "bilinear"));
        }
    },
    /** {@code UpSampling2D} by whole factors. */
    UP_SAMPLING {
        @Override
        public Optional<String> objection(LayerConfig config) {
            return unlessInterpolated(config, "nearest");
        }

        @Override
        public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
            boolean built = isNearest(config) || inputs.get(0).isKnown();
            return super.objection(config, inputs)
                    .or(() -> built
                            ? Optional.empty()
                            : Optional.of("interpolation 'bilinear' of an input of open size " + inputs.get(0)));
        }

        @Override
        public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
            int[] factors = config.pair("size", 1);
            TensorShape input = inputs.get(0);
            return TensorShape.of(
                    times(input.height(), factors[0]), times(input.width(), factors[1]), input.channels());
        }

        @Override
        public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
            return isNearest(config)
                    ? LayerKind.vertex(new Upsampling2D.Builder()
                            .size(config.pair("size", 1))
                            .dataFormat(CNN2DFormat.NHWC)
                            .build())
                    : resize(output(config, inputs), "bilinear");
        }

        private static boolean isNearest(LayerConfig config) {
            return config.text(INTERPOLATION, "nearest").equals("nearest");
        }
    },
    /** {@code CenterCrop} of an input that is large enough; Keras enlarges a smaller one, which is not read. */
    CENTER_CROP {
        @Override
        public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
            TensorShape input = inputs.get(0);
            return super.objection(config, inputs)
                    .or(() -> input.isKnown()
                                    && input.height() >= size(config, "height")
                                    && input.width() >= size(config, "width")
                            ? Optional.empty()
                            : Optional.of("an input of the size " + input + ", which is not known to be large enough"));
        }

        @Override
        public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
            return TensorShape.of(
                    size(config, "height"), size(config, "width"), inputs.get(0).channels());
        }

        @Override
        public boolean isIdle(LayerConfig config, TensorShape input) {
            return output(config, List.of(input)).equals(input);
        }

        @Override
        public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
            int rows = inputs.get(0).height() - size(config, "height");
            int columns = inputs.get(0).width() - size(config, "width");
            return LayerKind.vertex(
                    new Cropping2D.Builder(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2)
                            .dataFormat(CNN2DFormat.NHWC)
                            .build());
        }
    };

    private static final String INTERPOLATION = "interpolation";

    /** Rows and columns beyond this are no map of a network. */
    private static final int LARGEST = 16_384;

    private static final Map<String, Interpolation> INTERPOLATIONS =
            Map.of("nearest", Interpolation.NEAREST, "bilinear", Interpolation.BILINEAR);

    @Override
    public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.unlessMap(inputs.get(0));
    }

    private static GraphVertex resize(TensorShape to, String interpolation) {
        return new ResizeVertex(to.height(), to.width(), INTERPOLATIONS.get(interpolation.toLowerCase(Locale.ROOT)));
    }

    private static Optional<String> unlessInterpolated(LayerConfig config, String otherwise) {
        String interpolation = config.text(INTERPOLATION, otherwise);
        return INTERPOLATIONS.containsKey(interpolation.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of(
                        "interpolation " + Quoted.of(interpolation) + ", where 'nearest' and 'bilinear' are read");
    }

    private static int size(LayerConfig config, String key) {
        int size = config.count(key);
        if (size > LARGEST) {
            throw config.wrong(key, "a size up to " + LARGEST);
        }
        return size;
    }

    private static int times(int cells, int factor) {
        return cells == TensorShape.UNKNOWN ? TensorShape.UNKNOWN : Math.multiplyExact(cells, factor);
    }
}
