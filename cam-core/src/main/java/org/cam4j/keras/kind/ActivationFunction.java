package org.cam4j.keras.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.cam4j.dl4j.layers.ElementwiseActivation;
import org.cam4j.dl4j.layers.ElementwiseActivation.Function;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.ChannelsFirst;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Keras' activation functions, by name. */
public final class ActivationFunction {

    public static final String LINEAR = "linear";

    /** Keras 3's {@code hard_sigmoid}: relu6(x + 3) / 6, where Keras 2 has clip(x / 5 + 1 / 2, 0, 1). */
    public static final String KERAS_3_HARD_SIGMOID = "keras3_hard_sigmoid";

    private static final Map<String, Supplier<IActivation>> FUNCTIONS = Map.ofEntries(
            Map.entry(LINEAR, ActivationIdentity::new),
            Map.entry("softmax", ActivationSoftmax::new),
            Map.entry("relu", ActivationReLU::new),
            Map.entry("relu6", ActivationReLU6::new),
            Map.entry("leaky_relu", () -> new ActivationLReLU(0.2)),
            Map.entry("elu", ActivationELU::new),
            Map.entry("selu", ActivationSELU::new),
            Map.entry("tanh", ActivationTanH::new),
            Map.entry("sigmoid", ActivationSigmoid::new),
            Map.entry("hard_sigmoid", ActivationHardSigmoid::new),
            Map.entry(KERAS_3_HARD_SIGMOID, ours(Function.RELU6_SIGMOID)),
            Map.entry("hard_silu", ours(Function.HARD_SWISH)),
            Map.entry("hard_swish", ours(Function.HARD_SWISH)),
            Map.entry("softplus", ActivationSoftPlus::new),
            Map.entry("softsign", ActivationSoftSign::new),
            Map.entry("swish", ActivationSwish::new),
            Map.entry("silu", ActivationSwish::new),
            Map.entry("gelu", ours(Function.GELU)),
            Map.entry("gelu_tanh", ours(Function.GELU_TANH)),
            Map.entry("mish", ours(Function.MISH)),
            Map.entry("exponential", ours(Function.EXPONENTIAL)));

    private ActivationFunction() {}

    private static Supplier<IActivation> ours(Function function) {
        return () -> new ElementwiseActivation(function);
    }

    /** Whether a layer has no activation. */
    static boolean isLinear(LayerConfig config) {
        return config.text("activation", LINEAR).equals(LINEAR);
    }

    /** Returns a layer's activation; the identity if it has none. */
    static IActivation of(LayerConfig config) {
        return FUNCTIONS.get(config.text("activation", LINEAR)).get();
    }

    /** Returns why a layer's activation cannot be built on an output of the given shape. */
    static Optional<String> objection(LayerConfig config, TensorShape output) {
        return config.text("activation", LINEAR).equals("softmax")
                ? ChannelsFirst.unlessVector(config, output)
                : Optional.empty();
    }

    /** Returns why a layer's activation cannot be built. */
    static Optional<String> objection(LayerConfig config) {
        JsonNode activation = config.get("activation");
        if (activation.isMissingNode() || activation.isNull() || FUNCTIONS.containsKey(activation.asText())) {
            return Optional.empty();
        }
        return Optional.of("activation " + (activation.isTextual() ? Quoted.of(activation.asText()) : "of its own"));
    }
}
