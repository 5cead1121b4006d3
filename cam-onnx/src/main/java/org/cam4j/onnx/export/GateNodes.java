package org.cam4j.onnx.export;

import org.cam4j.engine.java.ActivationSlope;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Gates;

/**
 * The held factor {@code (φ(z) - φ(0))/z} of activations as nodes, {@code φ'(0)} where {@code z} is 0. Formulas without cancellation
 * where single precision would lose the quotient near 0.
 */
final class GateNodes {

    /** Below it, the series of the softplus' factor is exact in single precision. */
    private static final float NEAR = 0.125f;

    private final GraphDraft draft;
    private final ActivationNodes activations;

    GateNodes(GraphDraft draft) {
        this.draft = draft;
        this.activations = new ActivationNodes(draft);
    }

    /** Multiplies a gradient by the factor of the number that the function was applied to. */
    String times(String gradient, Activation activation, String z) {
        float alpha = activation.alpha();
        return switch (activation.function()) {
            case IDENTITY -> gradient;
            case RELU -> picked(gradient, z, alpha);
            case SWISH, HARD_SWISH, GELU, GELU_TANH, MISH ->
                draft.add("Mul", gradient, activations.gate(activation, z));
            case POWER -> power(gradient, activation, z);
            default -> draft.add("Mul", gradient, factor(activation, z));
        };
    }

    private String picked(String gradient, String z, float below) {
        String isAbove = draft.add("Greater", z, draft.scalar(0));
        if (below == 0) {
            return draft.add(
                    "Mul", gradient, draft.node("Cast", isAbove).with("to", 1L).output());
        }
        return draft.add("Where", isAbove, gradient, draft.add("Mul", gradient, draft.scalar(below)));
    }

    /** {@code z^(α - 1)}; for negative exponents, which have no value at 0, the derivative. Nothing is passed on where nothing comes. */
    private String power(String gradient, Activation activation, String z) {
        String power = draft.add("Pow", z, draft.scalar(activation.alpha() - 1));
        String factor = Double.isInfinite(activation.atZero())
                ? draft.add("Mul", power, draft.scalar(activation.alpha()))
                : atZero(activation, z, power);
        String isNone = draft.add("Equal", gradient, draft.scalar(0));
        return draft.add("Where", isNone, draft.scalar(0), draft.add("Mul", gradient, factor));
    }

    private String factor(Activation activation, String z) {
        return switch (activation.function()) {
            case SOFTSIGN -> draft.add("Reciprocal", draft.add("Add", draft.add("Abs", z), draft.scalar(1)));
            // tanh(z/2)/2 is the sigmoid less its value at 0.
            case SIGMOID -> atZero(activation, z, draft.add("Div", scaled(halfTangent(z), 0.5f), z));
            case EXPONENTIAL -> atZero(activation, z, draft.add("Div", lessOne(z), z));
            case ELU -> elu(activation, z, activation.alpha(), 1);
            case SCALED_ELU -> elu(activation, z, activation.alpha(), activation.beta());
            case SOFTPLUS -> softplus(activation, z);
            case HARD_SIGMOID -> ramp(activation, z);
            default -> quotient(activation, z);
        };
    }

    private String quotient(Activation activation, String z) {
        String change = draft.add("Sub", activations.of(activation, z), draft.scalar((float) activation.atZero()));
        return atZero(activation, z, draft.add("Div", change, z));
    }

    private String atZero(Activation activation, String z, String elsewhere) {
        float slope = (float) ActivationSlope.of(activation, Gates.HELD, 0);
        return draft.add("Where", draft.add("Equal", z, draft.scalar(0)), draft.scalar(slope), elsewhere);
    }

    private String scaled(String x, float factor) {
        return factor == 1 ? x : draft.add("Mul", x, draft.scalar(factor));
    }

    private String halfTangent(String z) {
        return draft.add("Tanh", scaled(z, 0.5f));
    }

    /** {@code e^z - 1} as {@code tanh(z/2) · (e^z + 1)}. */
    private String lessOne(String z) {
        return draft.add("Mul", halfTangent(z), draft.add("Add", draft.add("Exp", z), draft.scalar(1)));
    }

    private String elu(Activation activation, String z, float alpha, float scale) {
        // The power of a large number, which is not used, may overflow; that of the smaller of it and 0 may not.
        String below = draft.add("Div", scaled(lessOne(draft.add("Min", z, draft.scalar(0))), alpha), z);
        String isAbove = draft.add("Greater", z, draft.scalar(0));
        return atZero(activation, z, scaled(draft.add("Where", isAbove, draft.scalar(1), below), scale));
    }

    /** Near 0 {@code 1/2 + z/8 - z³/192}, whose next term is below 1e-7 of it. */
    private String softplus(Activation activation, String z) {
        String square = draft.add("Mul", z, z);
        String bracket = draft.add("Add", scaled(square, -1f / 192), draft.scalar(0.125f));
        String series = draft.add("Add", draft.add("Mul", z, bracket), draft.scalar(0.5f));
        String isNear = draft.add("Less", draft.add("Abs", z), draft.scalar(NEAR));
        return draft.add("Where", isNear, series, quotient(activation, z));
    }

    /** On the ramp the factor is its slope, if the ramp begins at 0 or before. */
    private String ramp(Activation activation, String z) {
        String quotient = quotient(activation, z);
        float beta = activation.beta();
        if (beta < 0 || beta > 1) {
            return quotient;
        }
        String at = draft.add("Add", scaled(z, activation.alpha()), draft.scalar(beta));
        String isOn =
                draft.add("And", draft.add("Greater", at, draft.scalar(0)), draft.add("Less", at, draft.scalar(1)));
        return draft.add("Where", isOn, draft.scalar(activation.alpha()), quotient);
    }
}
