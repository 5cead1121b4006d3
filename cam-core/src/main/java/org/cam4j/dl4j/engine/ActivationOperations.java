package org.cam4j.dl4j.engine;

import org.cam4j.plan.operation.Activation;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.LeakyReLU;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Expm1;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Computes a plan's activations with ND4J. */
final class ActivationOperations {

    private ActivationOperations() {}

    /** Applies an activation; overwrites the given array. */
    static INDArray applied(Activation activation, INDArray x) {
        double alpha = activation.alpha();
        double beta = activation.beta();
        return switch (activation.function()) {
            case IDENTITY -> x;
            case RELU ->
                alpha == 0
                        ? Nd4j.getExecutioner().exec(new RectifiedLinear(x, x))
                        : Nd4j.getExecutioner().exec(new LeakyReLU(x, x, alpha));
            case CLIP -> clipped(x, alpha, beta);
            case ELU -> elu(x, alpha);
            case SCALED_ELU -> elu(x, alpha).muli(beta);
            case SIGMOID -> Transforms.sigmoid(x, false);
            case TANH -> Transforms.tanh(x, false);
            case SWISH -> product(x, Transforms.sigmoid(x.mul(alpha), false));
            case HARD_SIGMOID -> clipped(x.muli(alpha).addi(beta), 0, 1);
            case HARD_SWISH -> product(x, clipped(x.mul(alpha).addi(beta), 0, 1));
            case SOFTPLUS -> softplus(x);
            case GELU -> product(x, erf(x.mul(Math.sqrt(0.5))).addi(1).muli(0.5));
            case GELU_TANH -> product(x, geluShare(x));
            case MISH -> new ActivationMish().getActivation(x, false);
            case EXPONENTIAL -> Transforms.exp(x, false);
            case SOFTSIGN -> new ActivationSoftSign().getActivation(x, false);
            case THRESHOLD -> product(x, x.gt(alpha).castTo(x.dataType()));
            case POWER -> Transforms.pow(x, alpha, false);
        };
    }

    private static INDArray product(INDArray x, INDArray factor) {
        x.muli(factor);
        factor.close();
        return x;
    }

    private static INDArray clipped(INDArray x, double low, double high) {
        Transforms.max(x, low, false);
        return Transforms.min(x, high, false);
    }

    /** {@code max(x, 0) + α·(e^min(x, 0) - 1)}. */
    private static INDArray elu(INDArray x, double alpha) {
        INDArray below = Transforms.min(x, 0.0, true);
        Nd4j.getExecutioner().exec(new Expm1(below, below));
        Transforms.max(x, 0.0, false).addi(below.muli(alpha));
        below.close();
        return x;
    }

    /** {@code max(x, 0) + ln(1 + e^-|x|)}: ND4J's softplus computes {@code e^x}, which is infinite from 89 on. */
    private static INDArray softplus(INDArray x) {
        INDArray rest = Transforms.exp(Transforms.abs(x, true).negi(), false);
        Nd4j.getExecutioner().exec(new Log1p(rest, rest));
        Transforms.max(x, 0.0, false).addi(rest);
        rest.close();
        return x;
    }

    private static INDArray erf(INDArray x) {
        return Nd4j.getExecutioner().exec(new Erf(x, x));
    }

    /** {@code (1 + tanh(sqrt(2/π)·(x + 0.044715·x³))) / 2}. */
    private static INDArray geluShare(INDArray x) {
        INDArray share = Transforms.pow(x, 3, true).muli(0.044715).addi(x).muli(Math.sqrt(2 / Math.PI));
        return Transforms.tanh(share, false).addi(1).muli(0.5);
    }
}
