package org.cam4j.onnx.export;

import org.cam4j.plan.operation.Activation;

/** The derivatives {@code φ'(z)} of activations as nodes. Products instead of differences where these would cancel. */
final class SlopeNodes {

    private final GraphDraft draft;

    SlopeNodes(GraphDraft draft) {
        this.draft = draft;
    }

    /** Multiplies a gradient by the derivative at the number that the function was applied to; where nothing comes, nothing is passed on. */
    String times(String gradient, Activation activation, String z) {
        return switch (activation.function()) {
            case IDENTITY -> gradient;
            // The same as with the gate held; the factor at the kink is that below it.
            case RELU -> new GateNodes(draft).times(gradient, activation, z);
            case POWER -> {
                String isNone = draft.add("Equal", gradient, draft.scalar(0));
                String product = product(gradient, of(activation, z));
                yield draft.add("Where", isNone, draft.scalar(0), product);
            }
            default -> product(gradient, of(activation, z));
        };
    }

    private String of(Activation activation, String z) {
        float alpha = activation.alpha();
        float beta = activation.beta();
        return switch (activation.function()) {
            case IDENTITY, RELU -> throw new IllegalArgumentException(activation + " needs no product");
            case CLIP -> number(isBetween(z, alpha, beta));
            case ELU -> elu(z, alpha, 1);
            case SCALED_ELU -> elu(z, alpha, beta);
            case SIGMOID -> ofSigmoid(z);
            case TANH -> ofTangent(z);
            case SWISH -> {
                String at = scaled(z, alpha);
                yield draft.add("Add", draft.add("Sigmoid", at), product(at, ofSigmoid(at)));
            }
            case HARD_SIGMOID -> scaled(number(isOnRamp(z, alpha, beta)), alpha);
            case HARD_SWISH -> {
                String gate = new ActivationNodes(draft).gate(activation, z);
                yield draft.add("Add", gate, scaled(product(z, number(isOnRamp(z, alpha, beta))), alpha));
            }
            case SOFTPLUS -> draft.add("Sigmoid", z);
            case GELU -> {
                String gate = new ActivationNodes(draft).gate(activation, z);
                String bell = draft.add("Exp", scaled(product(z, z), -0.5f));
                yield draft.add("Add", gate, scaled(product(z, bell), (float) (1 / Math.sqrt(2 * Math.PI))));
            }
            case GELU_TANH -> ofGeluTanh(activation, z);
            case MISH -> {
                String softplus = draft.add("Softplus", z);
                String inner = product(ofTangent(softplus), draft.add("Sigmoid", z));
                yield draft.add("Add", draft.add("Tanh", softplus), product(z, inner));
            }
            case SOFTSIGN -> {
                String below = draft.add("Add", draft.add("Abs", z), draft.scalar(1));
                yield draft.add("Reciprocal", product(below, below));
            }
            case EXPONENTIAL -> draft.add("Exp", z);
            case THRESHOLD -> number(draft.add("Greater", z, draft.scalar(alpha)));
            case POWER -> scaled(draft.add("Pow", z, draft.scalar(alpha - 1)), alpha);
        };
    }

    private String product(String a, String b) {
        return draft.add("Mul", a, b);
    }

    private String scaled(String x, float factor) {
        return factor == 1 ? x : product(x, draft.scalar(factor));
    }

    private String number(String condition) {
        return draft.node("Cast", condition).with("to", 1L).output();
    }

    private String isBetween(String x, float low, float high) {
        return draft.add("And", draft.add("Greater", x, draft.scalar(low)), draft.add("Less", x, draft.scalar(high)));
    }

    private String isOnRamp(String z, float alpha, float beta) {
        return isBetween(draft.add("Add", scaled(z, alpha), draft.scalar(beta)), 0, 1);
    }

    private String elu(String z, float alpha, float scale) {
        // The power of a large number, which is not used, may overflow; that of the smaller of it and 0 may not.
        String below = scaled(draft.add("Exp", draft.add("Min", z, draft.scalar(0))), alpha * scale);
        String isAbove = draft.add("Greater", z, draft.scalar(0));
        return draft.add("Where", isAbove, draft.scalar(scale), below);
    }

    /** {@code σ'(z) = e/(1 + e)²} with {@code e = exp(-|z|)}: runtimes compute powers exactly, sigmoids to a few 1e-7. */
    private String ofSigmoid(String z) {
        String power = draft.add("Exp", draft.add("Neg", draft.add("Abs", z)));
        String below = draft.add("Add", power, draft.scalar(1));
        return draft.add("Div", power, product(below, below));
    }

    /** {@code 1 - tanh(z)² = 4 · σ'(2z)}. */
    private String ofTangent(String z) {
        return scaled(ofSigmoid(scaled(z, 2)), 4);
    }

    /** {@code g + z/2 · (1 - tanh(u)²) · du/dz} with the gate {@code g = (1 + tanh(u))/2} and {@code u = √(2/π) · (z + 0.044715 z³)}. */
    private String ofGeluTanh(Activation activation, String z) {
        ActivationNodes activations = new ActivationNodes(draft);
        String change = draft.add("Add", scaled(product(z, z), 3 * 0.044715f), draft.scalar(1));
        String inner = product(ofTangent(activations.cubic(z)), scaled(change, (float) Math.sqrt(0.5 / Math.PI)));
        return draft.add("Add", activations.gate(activation, z), product(z, inner));
    }
}
