package org.cam4j.plan.operation;

import java.util.Locale;

/**
 * An elementwise activation function.
 *
 * @param function which one
 * @param alpha its first parameter; 0 where it has none
 * @param beta its second parameter; 0 where it has none
 */
public record Activation(Function function, float alpha, float beta) {

    /** The functions of {@code x}, with {@code α} and {@code β} the parameters. */
    public enum Function {
        /** {@code x}. */
        IDENTITY,
        /** {@code x} above 0, {@code α·x} below. */
        RELU,
        /** {@code x}, but at least {@code α} and at most {@code β}. */
        CLIP,
        /** {@code x} above 0, {@code α·(e^x - 1)} below. */
        ELU,
        /** {@code β·x} above 0, {@code β·α·(e^x - 1)} below. */
        SCALED_ELU,
        /** {@code 1 / (1 + e^-x)}. */
        SIGMOID,
        /** {@code tanh(x)}. */
        TANH,
        /** {@code x / (1 + e^(-α·x))}. */
        SWISH,
        /** {@code α·x + β}, but at least 0 and at most 1. */
        HARD_SIGMOID,
        /** {@code x·clip(α·x + β, 0, 1)}. */
        HARD_SWISH,
        /** {@code ln(1 + e^x)}. */
        SOFTPLUS,
        /** {@code x·Φ(x)} with the normal distribution's {@code Φ}. */
        GELU,
        /** GELU by its approximation with tanh. */
        GELU_TANH,
        /** {@code x·tanh(ln(1 + e^x))}. */
        MISH,
        /** {@code x / (1 + |x|)}. */
        SOFTSIGN,
        /** {@code e^x}. */
        EXPONENTIAL,
        /** {@code x} above {@code α}, 0 elsewhere. */
        THRESHOLD,
        /** {@code x^α}; NaN if {@code x} is below 0 and {@code α} is not an integer. */
        POWER
    }

    /** Leaves numbers as they are. */
    public static final Activation IDENTITY = new Activation(Function.IDENTITY, 0, 0);

    /** {@code max(x, 0)}. */
    public static final Activation RELU = new Activation(Function.RELU, 0, 0);

    /** {@code x} between 0 and 6. */
    public static final Activation RELU6 = new Activation(Function.CLIP, 0, 6);

    /** {@code 1 / (1 + e^-x)}. */
    public static final Activation SIGMOID = new Activation(Function.SIGMOID, 0, 0);

    /** {@code x·sigmoid(x)}, also called SiLU. */
    public static final Activation SWISH = new Activation(Function.SWISH, 1, 0);

    /**
     * Returns the activation of a function without parameters.
     *
     * @param function must have no parameters
     * @return the activation
     */
    public static Activation of(Function function) {
        return new Activation(function, 0, 0);
    }

    /**
     * Whether this is the identity.
     *
     * @return true for the identity
     */
    public boolean isIdentity() {
        return function == Function.IDENTITY;
    }

    /** Whether no result is below 0. */
    public boolean isNonNegative() {
        return switch (function) {
            case RELU -> alpha == 0;
            case CLIP, THRESHOLD -> alpha >= 0;
            case SIGMOID, HARD_SIGMOID, SOFTPLUS, EXPONENTIAL -> true;
            default -> false;
        };
    }

    /**
     * Returns the function's value at 0, which it has without any input.
     *
     * @return 0 for most functions; infinite for powers with a negative exponent
     */
    public double atZero() {
        return switch (function) {
            case SIGMOID -> 0.5;
            case SOFTPLUS -> Math.log(2);
            case EXPONENTIAL -> 1;
            case HARD_SIGMOID -> Math.min(Math.max(beta, 0), 1);
            case CLIP -> Math.min(Math.max(alpha, 0), beta);
            case POWER -> Math.pow(0, alpha);
            default -> 0;
        };
    }

    /** For a plan's listing: {@code relu}, {@code clip(0, 6)}. */
    @Override
    public String toString() {
        String name = function.name().toLowerCase(Locale.ROOT);
        return switch (function) {
            case CLIP, SCALED_ELU, HARD_SIGMOID, HARD_SWISH -> name + "(" + alpha + ", " + beta + ")";
            case ELU, THRESHOLD, POWER -> name + "(" + alpha + ")";
            case RELU -> alpha == 0 ? name : name + "(" + alpha + ")";
            case SWISH -> alpha == 1 ? name : name + "(" + alpha + ")";
            default -> name;
        };
    }
}
