package org.cam4j.testing.random;

import java.util.List;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;

/** The activations of random plans: each function, with the parameters that Keras' layers give and with others. */
final class Activations {

    static final List<Activation> ALL = List.of(
            Activation.IDENTITY,
            Activation.RELU,
            new Activation(Function.RELU, 0.1f, 0),
            new Activation(Function.RELU, 1.5f, 0),
            Activation.RELU6,
            new Activation(Function.CLIP, -0.5f, 0.7f),
            new Activation(Function.ELU, 1, 0),
            new Activation(Function.ELU, 0.7f, 0),
            new Activation(Function.SCALED_ELU, 1.6732632f, 1.050701f),
            Activation.SIGMOID,
            Activation.of(Function.TANH),
            Activation.SWISH,
            new Activation(Function.SWISH, 1.702f, 0),
            new Activation(Function.HARD_SIGMOID, 0.2f, 0.5f),
            new Activation(Function.HARD_SIGMOID, 1f / 6, 0.5f),
            new Activation(Function.HARD_SWISH, 1f / 6, 0.5f),
            new Activation(Function.HARD_SWISH, 0.2f, 0.5f),
            Activation.of(Function.SOFTPLUS),
            Activation.of(Function.GELU),
            Activation.of(Function.GELU_TANH),
            Activation.of(Function.MISH),
            Activation.of(Function.SOFTSIGN),
            Activation.of(Function.EXPONENTIAL),
            new Activation(Function.THRESHOLD, 0.4f, 0),
            new Activation(Function.POWER, 2, 0));

    private Activations() {}
}
