package org.cam4j.keras;

import java.util.List;
import java.util.Optional;

/** Activation layers without weights. */
enum ActivationKind implements LayerKind {
    /** {@code Activation}, by name. */
    NAMED {
        @Override
        public Optional<String> objection(LayerConfig config) {
            return ActivationFunction.objection(config);
        }

        @Override
        public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
            return ActivationFunction.objection(config, inputs.get(0));
        }

        @Override
        public boolean isIdle(LayerConfig config, Shape input) {
            return ActivationFunction.of(config).equals(ActivationFunction.LINEAR);
        }

        @Override
        public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
            return named(ActivationFunction.of(config));
        }
    },
    /** {@code ReLU}: x where x is at least the threshold, slope · (x - threshold) below, at most the maximum. */
    RELU {
        @Override
        public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
            Optional<Double> max = config.number("max_value");
            double slope = config.number("negative_slope", 0);
            double threshold = config.number("threshold", 0);
            if (max.orElse(0.0) < 0 || slope < 0 || threshold < 0) {
                throw config.contradiction("has a negative maximum, slope or threshold");
            }
            if (slope == 0 && threshold == 0) {
                if (max.isEmpty()) {
                    return named("relu");
                }
                if (max.get() == 6) {
                    return named("relu6");
                }
            }
            Keras2Layer layer =
                    new Keras2Layer("ReLU").with("negative_slope", slope).with("threshold", threshold);
            max.ifPresent(value -> layer.with("max_value", value));
            return layer;
        }
    },
    /** {@code LeakyReLU}: x, or alpha · x below 0. */
    LEAKY_RELU {
        @Override
        public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
            return new Keras2Layer("LeakyReLU").with("alpha", config.number("alpha", 0.3));
        }
    },
    /** {@code ELU}: x, or alpha · (exp(x) - 1) below 0. */
    ELU {
        @Override
        public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
            return new Keras2Layer("ELU").with("alpha", config.number("alpha", 1));
        }
    },
    /** {@code Softmax} over the classes. */
    SOFTMAX {
        @Override
        public Optional<String> objection(LayerConfig config, List<Shape> inputs) {
            return inputs.get(0).isVector() ? Optional.empty() : Optional.of("softmax over a map " + inputs.get(0));
        }

        @Override
        public Shape output(LayerConfig config, List<Shape> inputs) {
            config.axis("axis", inputs.get(0).rank(), -1);
            return inputs.get(0);
        }

        @Override
        public Keras2Layer translated(LayerConfig config, List<Shape> inputs) {
            return named(ActivationFunction.SOFTMAX);
        }
    };

    private static Keras2Layer named(String activation) {
        return new Keras2Layer("Activation").with("activation", activation);
    }

    @Override
    public Shape output(LayerConfig config, List<Shape> inputs) {
        return inputs.get(0);
    }
}
