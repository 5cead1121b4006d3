package org.cam4j.prepared;

import java.util.function.ToIntFunction;
import org.cam4j.image.ChannelOrder;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;

/**
 * The numbers of enum constants in prepared files. If a constant is renamed or moved, it keeps its number. A number is never given to
 * another constant.
 */
final class ConstantNumbers {

    private ConstantNumbers() {}

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
        return switch (kind) {
            case MAXIMUM -> 0;
            case AVERAGE -> 1;
        };
    }

    static int of(Resize.Interpolation interpolation) {
        return switch (interpolation) {
            case NEAREST -> 0;
            case BILINEAR -> 1;
        };
    }

    static int of(Interpolation interpolation) {
        return switch (interpolation) {
            case NEAREST -> 0;
            case BILINEAR -> 1;
            case LANCZOS -> 2;
            case BICUBIC -> 3;
            case SMOOTH_BILINEAR -> 4;
        };
    }

    static int of(Fit fit) {
        return switch (fit) {
            case SQUASH -> 0;
            case CENTER_CROP -> 1;
            case LETTERBOX -> 2;
            case EXACT_CENTER_CROP -> 3;
        };
    }

    /** A centre crop of a photo whose shorter side is resized first; its length follows. */
    static final int RESIZED_CENTER_CROP = 4;

    static int of(ChannelOrder order) {
        return switch (order) {
            case RGB -> 0;
            case BGR -> 1;
            case GREY -> 2;
        };
    }

    static Activation.Function function(int number) {
        return constant("activation", Activation.Function.values(), ConstantNumbers::of, number);
    }

    static Elementwise.Kind elementwise(int number) {
        return constant("operation of two values", Elementwise.Kind.values(), ConstantNumbers::of, number);
    }

    static Pooling.Kind pooling(int number) {
        return constant("pooling", Pooling.Kind.values(), ConstantNumbers::of, number);
    }

    static Resize.Interpolation resizing(int number) {
        return constant("resizing", Resize.Interpolation.values(), ConstantNumbers::of, number);
    }

    static Interpolation interpolation(int number) {
        return constant("interpolation", Interpolation.values(), ConstantNumbers::of, number);
    }

    static Fit fit(int number) {
        return constant("fit", Fit.values(), ConstantNumbers::of, number);
    }

    static ChannelOrder order(int number) {
        return constant("channel order", ChannelOrder.values(), ConstantNumbers::of, number);
    }

    private static <E> E constant(String what, E[] constants, ToIntFunction<E> numbers, int number) {
        for (E constant : constants) {
            if (numbers.applyAsInt(constant) == number) {
                return constant;
            }
        }
        throw unknown(what, number);
    }

    static IllegalArgumentException unknown(String what, int number) {
        return new IllegalArgumentException(
                "it holds the " + what + " of number " + number + ", which this version of cam4j does not know");
    }
}
