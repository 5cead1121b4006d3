package org.cam4j.testing.reference;

import org.cam4j.plan.operation.Activation;

/** What an activation makes of an error: the function's steepness times it, and what the function itself may be off. */
final class ActivationError {

    /** Errors are what rounding does on average: so many times that is what it may do. */
    private static final double SAFETY = 4;

    private ActivationError() {}

    /**
     * The error of a result.
     *
     * @param activation the function
     * @param x the exact number
     * @param error how far it may be off
     * @param own how far an engine's function may be off, in parts of the numbers that it adds up
     */
    static double of(Activation activation, double x, double error, double own) {
        return switch (activation.function()) {
            // It jumps.
            case THRESHOLD -> Math.abs(x - activation.alpha()) > SAFETY * error ? error : Math.abs(x) + error;
            case POWER ->
                ofPower(activation.alpha(), x, SAFETY * error) + own * Math.abs(Math.pow(x, activation.alpha()));
            default -> steepness(activation, x + error) * error + own * magnitude(activation, x);
        };
    }

    /** Where numbers below 0 have no power, or 0 has none, it may be anything. */
    private static double ofPower(double exponent, double x, double error) {
        boolean isWhole = exponent == Math.rint(exponent) && exponent > 0;
        if (!isWhole && (x < 0 || (exponent < 0 && x <= error))) {
            return Double.POSITIVE_INFINITY;
        }
        double below = isWhole ? x - error : Math.max(0, x - error);
        double exact = Math.pow(x, exponent);
        return Math.max(Math.abs(Math.pow(x + error, exponent) - exact), Math.abs(Math.pow(below, exponent) - exact));
    }

    /** An upper bound of the derivative; for the exponential function up to a number. */
    private static double steepness(Activation activation, double upTo) {
        double alpha = Math.abs(activation.alpha());
        double beta = Math.abs(activation.beta());
        return switch (activation.function()) {
            case IDENTITY, CLIP, TANH, SOFTPLUS, SOFTSIGN -> 1;
            case SIGMOID -> 0.25;
            case RELU, ELU -> Math.max(1, alpha);
            case SCALED_ELU -> beta * Math.max(1, alpha);
            // Their slopes overshoot by at most 13 %.
            case SWISH, GELU, GELU_TANH, MISH -> 1.13;
            case HARD_SIGMOID -> alpha;
            case HARD_SWISH -> 2 + beta;
            case EXPONENTIAL -> Math.exp(upTo);
            case THRESHOLD, POWER -> throw new IllegalArgumentException(activation + " has no steepness");
        };
    }

    /** The largest number on the way to a result, which is rounded. */
    private static double magnitude(Activation activation, double x) {
        double alpha = Math.abs(activation.alpha());
        double beta = Math.abs(activation.beta());
        return switch (activation.function()) {
            case IDENTITY, CLIP -> 0;
            case RELU -> x > 0 ? 0 : alpha * -x;
            case SIGMOID, TANH -> 1;
            case SWISH, GELU, GELU_TANH, MISH, SOFTSIGN -> Math.abs(x);
            case ELU -> x > 0 ? 0 : alpha;
            case SCALED_ELU -> x > 0 ? beta * x : alpha * beta;
            case HARD_SIGMOID -> Math.min(1 + beta, Math.abs(alpha * x) + beta);
            case HARD_SWISH -> Math.abs(x) * Math.min(1 + beta, Math.abs(alpha * x) + beta);
            case SOFTPLUS -> 1 + Math.max(x, 0);
            case EXPONENTIAL -> (1 + Math.abs(x)) * Math.exp(x);
            case THRESHOLD, POWER -> throw new IllegalArgumentException(activation + " has no magnitude");
        };
    }
}
