package org.cam4j.engine.onednn;

import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Activation;

/** The functions that a primitive applies to its result before it writes it. */
final class PostOperations {

    /** One of oneDNN's functions of a number, {@code algorithm(x; alpha, beta)}. */
    private record Elementwise(algorithm function, float alpha, float beta) {}

    private PostOperations() {}

    /** Returns attributes with scratch memory provided by the caller. */
    static primitive_attr attributes(post_ops operations) {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(scratchpad_mode.user);
        attributes.set_post_ops(operations);
        return attributes;
    }

    static primitive_attr attributes() {
        return attributes(new post_ops());
    }

    /** Whether a kernel can end with an activation; other activations need separate kernels. */
    static boolean has(Activation activation) {
        return switch (activation.function()) {
            case IDENTITY, HARD_SIGMOID, SCALED_ELU -> true;
            case POWER -> KernelLimits.hasPower(activation.alpha());
            default -> single(activation).isPresent();
        };
    }

    static void append(post_ops operations, Activation activation) throws EngineUnavailableException {
        switch (activation.function()) {
            case IDENTITY -> {}
            case HARD_SIGMOID -> {
                add(operations, new Elementwise(algorithm.eltwise_linear, activation.alpha(), activation.beta()));
                add(operations, new Elementwise(algorithm.eltwise_clip, 0, 1));
            }
            case SCALED_ELU -> {
                add(operations, new Elementwise(algorithm.eltwise_elu, activation.alpha(), 0));
                add(operations, new Elementwise(algorithm.eltwise_linear, activation.beta(), 0));
            }
            case POWER -> addPower(operations, activation);
            default ->
                add(
                        operations,
                        single(activation)
                                .orElseThrow(
                                        () -> new EngineUnavailableException("it has no activation " + activation)));
        }
    }

    /** Appends a power as square roots, squares and reciprocals. */
    private static void addPower(post_ops operations, Activation activation) throws EngineUnavailableException {
        float exponent = activation.alpha();
        if (!has(activation)) {
            throw new EngineUnavailableException("it has no activation " + activation);
        }
        if (Math.abs(exponent) == 0.5f) {
            add(operations, new Elementwise(algorithm.eltwise_sqrt, 0, 0));
        }
        if (exponent < 0) {
            add(operations, new Elementwise(algorithm.eltwise_pow, 1, -1));
        }
        if (exponent == 2) {
            add(operations, new Elementwise(algorithm.eltwise_square, 0, 0));
        }
    }

    private static void add(post_ops operations, Elementwise step) throws EngineUnavailableException {
        if (!KernelLimits.mayFollow(operations, step.function)) {
            throw new EngineUnavailableException("a kernel of its ends with " + step.function + " once");
        }
        operations.append_eltwise(1f, step.function, step.alpha, step.beta);
    }

    /** {@code 1 + |x|}. */
    static void appendOnePlusMagnitude(post_ops operations) throws EngineUnavailableException {
        add(operations, new Elementwise(algorithm.eltwise_abs, 0, 0));
        add(operations, new Elementwise(algorithm.eltwise_linear, 1, 1));
    }

    private static Optional<Elementwise> single(Activation activation) {
        float alpha = activation.alpha();
        return Optional.ofNullable(
                switch (activation.function()) {
                    case RELU -> new Elementwise(algorithm.eltwise_relu, alpha, 0);
                    case CLIP -> new Elementwise(algorithm.eltwise_clip, alpha, activation.beta());
                    case ELU -> new Elementwise(algorithm.eltwise_elu, alpha, 0);
                    case SIGMOID -> new Elementwise(algorithm.eltwise_logistic, 0, 0);
                    case TANH -> new Elementwise(algorithm.eltwise_tanh, 0, 0);
                    case SWISH -> new Elementwise(algorithm.eltwise_swish, alpha, 0);
                    case SOFTPLUS -> new Elementwise(algorithm.eltwise_soft_relu, 0, 0);
                    case GELU -> new Elementwise(algorithm.eltwise_gelu_erf, 0, 0);
                    case GELU_TANH -> new Elementwise(algorithm.eltwise_gelu_tanh, 0, 0);
                    case EXPONENTIAL -> new Elementwise(algorithm.eltwise_exp, 0, 0);
                    case MISH -> new Elementwise(algorithm.eltwise_mish, 0, 0);
                    case HARD_SWISH ->
                        alpha == 1f / 6 && activation.beta() == 0.5f
                                ? new Elementwise(algorithm.eltwise_hardswish, 0, 0)
                                : null;
                    case IDENTITY, HARD_SIGMOID, SCALED_ELU, SOFTSIGN, THRESHOLD, POWER -> null;
                });
    }
}
