package org.cam4j.engine.cuda;

import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;

/** The numbers by which kernels.cu knows the variants of operations. */
final class KernelNumbers {

    private KernelNumbers() {}

    static int of(Activation.Function function) {
        return switch (function) {
            case IDENTITY -> 0;
            case RELU -> 1;
            case CLIP -> 2;
            case ELU -> 3;
            case SCALED_ELU -> 4;
            case SIGMOID -> 5;
            case TANH -> 6;
            case SWISH -> 7;
            case HARD_SIGMOID -> 8;
            case HARD_SWISH -> 9;
            case SOFTPLUS -> 10;
            case GELU -> 11;
            case GELU_TANH -> 12;
            case MISH -> 13;
            case SOFTSIGN -> 14;
            case EXPONENTIAL -> 15;
            case THRESHOLD -> 16;
            case POWER -> 17;
        };
    }

    static int of(Elementwise.Kind kind) {
        return switch (kind) {
            case ADD -> 0;
            case SUBTRACT -> 1;
            case MULTIPLY -> 2;
            case MAXIMUM -> 3;
            case MINIMUM -> 4;
        };
    }

    static int of(Pooling.Kind kind) {
        return kind == Pooling.Kind.MAXIMUM ? 0 : 1;
    }

    static int of(Resize.Interpolation interpolation) {
        return interpolation == Resize.Interpolation.BILINEAR ? 1 : 0;
    }
}
