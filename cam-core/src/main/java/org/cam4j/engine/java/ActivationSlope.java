package org.cam4j.engine.java;

import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Gates;

/** The factors of {@link org.cam4j.plan.operation.ActivationGradient} by their formulas, in double precision. */
public final class ActivationSlope {

    private ActivationSlope() {}

    /**
     * Computes a gradient times an activation's factor.
     *
     * @param gradient of the activation's result; if it is 0, so is the result
     * @param activation the function {@code φ}
     * @param gates which factor
     * @param z the number that the function was applied to
     * @return {@code gradient · slope}
     */
    public static double times(double gradient, Activation activation, Gates gates, double z) {
        return gradient == 0 ? 0 : gradient * of(activation, gates, z);
    }

    /**
     * Computes an activation's factor.
     *
     * @param activation the function {@code φ}
     * @param gates which factor
     * @param z the number that the function is applied to
     * @return {@code φ'(z)}; if gates are held, {@code (φ(z) - φ(0))/z}, and {@code φ'(0)} for z = 0. For powers with a negative
     *     exponent, which have no value at 0, {@code φ'(z)} in both cases
     */
    public static double of(Activation activation, Gates gates, double z) {
        double atZero = activation.atZero();
        return gates == Gates.HELD && z != 0 && Double.isFinite(atZero)
                ? (ActivationDefinition.of(activation, z) - atZero) / z
                : derivative(activation, z);
    }

    private static double derivative(Activation activation, double z) {
        double alpha = activation.alpha();
        double beta = activation.beta();
        return switch (activation.function()) {
            case IDENTITY -> 1;
            // At the kink as in PyTorch and TensorFlow: the factor below it.
            case RELU -> z > 0 ? 1 : alpha;
            case CLIP -> z > alpha && z < beta ? 1 : 0;
            case ELU -> z > 0 ? 1 : alpha * Math.exp(z);
            case SCALED_ELU -> beta * (z > 0 ? 1 : alpha * Math.exp(z));
            case SIGMOID -> ofSigmoid(z);
            case TANH -> 1 - square(Math.tanh(z));
            case SWISH -> sigmoid(alpha * z) + alpha * z * ofSigmoid(alpha * z);
            case HARD_SIGMOID -> isOnRamp(alpha * z + beta) ? alpha : 0;
            case HARD_SWISH ->
                Math.min(Math.max(alpha * z + beta, 0), 1) + (isOnRamp(alpha * z + beta) ? alpha * z : 0);
            case SOFTPLUS -> sigmoid(z);
            case GELU ->
                (1 + ActivationDefinition.erf(z / Math.sqrt(2))) / 2
                        + z * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            case GELU_TANH -> ofGeluTanh(z);
            case MISH -> ofMish(z);
            case SOFTSIGN -> 1 / square(1 + Math.abs(z));
            case EXPONENTIAL -> Math.exp(z);
            case THRESHOLD -> z > alpha ? 1 : 0;
            case POWER -> alpha * Math.pow(z, alpha - 1);
        };
    }

    private static double square(double x) {
        return x * x;
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    private static double ofSigmoid(double z) {
        double s = sigmoid(z);
        return s * (1 - s);
    }

    private static boolean isOnRamp(double x) {
        return x > 0 && x < 1;
    }

    private static double ofGeluTanh(double z) {
        double slope = Math.sqrt(2 / Math.PI);
        double t = Math.tanh(slope * (z + 0.044715 * z * z * z));
        return (1 + t) / 2 + z * (1 - t * t) / 2 * slope * (1 + 3 * 0.044715 * z * z);
    }

    private static double ofMish(double z) {
        double t = Math.tanh(ActivationDefinition.softplus(z));
        return t + z * (1 - t * t) * sigmoid(z);
    }
}
