package org.cam4j.keras.kind;

import java.util.List;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Activation layers without weights. */
public enum ActivationKind implements LayerKind {
    /** {@code Activation}, by name. */
    NAMED {
        @Override
        public Optional<String> objection(LayerConfig config) {
            return ActivationFunction.objection(config);
        }

        @Override
        public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
            return ActivationFunction.objection(config, inputs.get(0));
        }

        @Override
        public boolean isIdle(LayerConfig config, TensorShape input) {
            return ActivationFunction.isLinear(config);
        }

        @Override
        public IActivation function(LayerConfig config) {
            return ActivationFunction.of(config);
        }
    },
    /** {@code ReLU}: x where x is at least the threshold, slope · (x - threshold) below, at most the maximum. */
    RELU {
        @Override
        public IActivation function(LayerConfig config) {
            Optional<Double> max = config.number("max_value");
            double slope = config.number("negative_slope", 0);
            double threshold = config.number("threshold", 0);
            if (max.orElse(0.0) < 0 || slope < 0 || threshold < 0) {
                throw config.contradiction("has a negative maximum, slope or threshold");
            }
            if (slope == 0 && threshold == 0 && max.orElse(6.0) == 6) {
                return max.isEmpty() ? new ActivationReLU() : new ActivationReLU6();
            }
            return new ActivationReLU(max.orElse(null), threshold, slope);
        }
    },
    /** {@code LeakyReLU}: x, or alpha · x below 0. */
    LEAKY_RELU {
        @Override
        public IActivation function(LayerConfig config) {
            return new ActivationLReLU(config.number("negative_slope", config.number("alpha", 0.3)));
        }
    },
    /** {@code ELU}: x, or alpha · (exp(x) - 1) below 0. */
    ELU {
        @Override
        public IActivation function(LayerConfig config) {
            return new ActivationELU(config.number("alpha", 1));
        }
    },
    /** {@code Softmax} along the channels. */
    SOFTMAX {
        @Override
        public Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
            return unlessAlongChannels(config, inputs.get(0));
        }

        @Override
        public IActivation function(LayerConfig config) {
            return new ActivationSoftmax();
        }
    };

    public abstract IActivation function(LayerConfig config);

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return inputs.get(0);
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return LayerKind.vertex(
                new ActivationLayer.Builder().activation(function(config)).build());
    }

    /** Returns the objection to an axis that is not the last. */
    private static Optional<String> unlessAlongChannels(LayerConfig config, TensorShape input) {
        return config.axis("axis", input.rank(), -1) == input.rank() - 1
                ? Optional.empty()
                : Optional.of("axis " + config.get("axis") + ", not the channels");
    }
}
