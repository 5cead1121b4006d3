package org.cam4j.engine.java;

import org.cam4j.plan.operation.Activation;

/** The functions of {@link Activation} by their formulas, in double precision. */
final class ActivationDefinition {

    /** Cost of one function value, in multiplications. */
    private static final int STEPS = 20;

    private ActivationDefinition() {}

    /**
     * Computes the function's value.
     *
     * @param activation which function
     * @param x a number; NaN gives NaN
     * @return the result
     */
    static double of(Activation activation, double x) {
        double alpha = activation.alpha();
        double beta = activation.beta();
        return switch (activation.function()) {
            case IDENTITY -> x;
            // Not 0 · x, which is NaN for an infinite x.
            case RELU -> alpha == 0 ? Math.max(x, 0) : x > 0 ? x : alpha * x;
            case CLIP -> Math.min(Math.max(x, alpha), beta);
            case ELU -> elu(alpha, x);
            case SCALED_ELU -> beta * elu(alpha, x);
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case SWISH -> x * sigmoid(alpha * x);
            case HARD_SIGMOID -> ramp(alpha * x + beta);
            case HARD_SWISH -> x * ramp(alpha * x + beta);
            case SOFTPLUS -> softplus(x);
            case GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
            case GELU_TANH -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
            case MISH -> x * Math.tanh(softplus(x));
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case EXPONENTIAL -> Math.exp(x);
            case THRESHOLD -> x <= alpha ? 0 : x;
            case POWER -> Math.pow(x, alpha);
        };
    }

    /** Applies the function to each number; returns the same array for the identity. */
    static double[] of(Activation activation, double[] values, Ranges ranges) {
        if (activation.isIdentity()) {
            return values;
        }
        double[] result = new double[values.length];
        ranges.each(values.length, (long) STEPS * values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = of(activation, values[i]);
            }
        });
        return result;
    }

    private static double elu(double alpha, double x) {
        return x > 0 ? x : alpha * Math.expm1(x);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double ramp(double x) {
        return Math.min(Math.max(x, 0), 1);
    }

    /** {@code ln(1 + e^x)}, also if {@code e^x} overflows. */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * The error function, by the series {@code 2/√π · e^(-x²) · Σ 2^n x^(2n+1) / (1·3·…·(2n+1))}, whose terms all have one sign
     * (Abramowitz and Stegun, 7.1.6). From 6 on it is 1 in double precision.
     */
    static double erf(double x) {
        if (Math.abs(x) >= 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.ulp(sum) / 2; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
