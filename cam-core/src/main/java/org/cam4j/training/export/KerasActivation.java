package org.cam4j.training.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
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

/**
 * A layer of Keras that computes a DL4J activation function; only those that Keras 2 and 3 compute alike.
 *
 * @param className Keras' class
 * @param config its settings
 */
record KerasActivation(String className, ObjectNode config) {

    static final String LINEAR = "linear";

    private static final Map<Class<? extends IActivation>, String> NAMES = Map.of(
            ActivationIdentity.class, LINEAR,
            ActivationSoftmax.class, "softmax",
            ActivationReLU6.class, "relu6",
            ActivationSELU.class, "selu",
            ActivationTanH.class, "tanh",
            ActivationSigmoid.class, "sigmoid",
            ActivationSoftPlus.class, "softplus",
            ActivationSoftSign.class, "softsign",
            ActivationSwish.class, "swish");

    /** The name that a convolution or dense layer can have for a function; empty where it must be a layer of its own. */
    static Optional<String> name(IActivation function) {
        boolean plain = function instanceof ActivationReLU relu
                && relu.getMax() == null
                && number(relu.getThreshold()) == 0
                && number(relu.getNegativeSlope()) == 0;
        return plain ? Optional.of("relu") : Optional.ofNullable(NAMES.get(function.getClass()));
    }

    /** A function as a layer; empty where Keras has none. */
    static Optional<KerasActivation> layer(IActivation function) {
        Optional<String> name = name(function);
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        if (name.isPresent()) {
            return Optional.of(new KerasActivation("Activation", config.put("activation", name.get())));
        }
        if (function instanceof ActivationReLU relu) {
            config.put("max_value", relu.getMax());
            config.put("negative_slope", number(relu.getNegativeSlope()));
            config.put("threshold", number(relu.getThreshold()));
            return Optional.of(new KerasActivation("ReLU", config));
        }
        if (function instanceof ActivationLReLU leaky) {
            // Keras 2 calls it alpha, Keras 3 negative_slope but reads both; a ReLU has the one name in both.
            config.putNull("max_value");
            config.put("negative_slope", leaky.getAlpha());
            config.put("threshold", 0.0);
            return Optional.of(new KerasActivation("ReLU", config));
        }
        if (function instanceof ActivationELU elu) {
            return Optional.of(new KerasActivation("ELU", config.put("alpha", elu.getAlpha())));
        }
        return Optional.empty();
    }

    private static double number(Double value) {
        return value == null ? 0 : value;
    }
}
