package org.cam4j.keras;

import java.util.List;
import java.util.Optional;

/** Layers of several inputs: value by value, or one after the other along the channels. */
enum MergeKind implements LayerKind {
    /** {@code Add}, {@code Multiply}, {@code Average}, {@code Maximum}. */
    ELEMENTWISE,
    /** {@code Subtract}: the second from the first. */
    SUBTRACT {
        @Override
        public boolean accepts(int inputs) {
            return inputs == 2;
        }
    },
    /** {@code Concatenate} along the channels. */
    CONCATENATE {
        @Override
        public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
            int rank = inputs.get(0).rank();
            if (inputs.stream().anyMatch(input -> input.rank() != rank)) {
                return differing(inputs);
            }
            return config.axis("axis", rank, -1) == rank - 1
                    ? Optional.empty()
                    : Optional.of("axis " + config.get("axis") + ", not the channels");
        }

        @Override
        public Shape output(LayerConfig config, List<Shape> inputs) {
            int channels = 0;
            for (Shape input : inputs) {
                if (!input.withChannels(1).equals(inputs.get(0).withChannels(1))) {
                    throw config.contradiction("joins maps of different size " + inputs);
                }
                channels = Math.addExact(channels, input.channels());
            }
            return inputs.get(0).withChannels(channels);
        }

        @Override
        public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
            return super.translated(config, inputs).with("axis", inputs.get(0).rank());
        }
    };

    private static Optional<String> differing(List<Shape> inputs) {
        return Optional.of("inputs of different shape " + inputs);
    }

    @Override
    public boolean accepts(int inputs) {
        return inputs >= 2;
    }

    @Override
    public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
        return inputs.stream().distinct().count() == 1 ? Optional.empty() : differing(inputs);
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0);
    }

    @Override
    public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
        return new Keras2Layer(config.className());
    }
}
