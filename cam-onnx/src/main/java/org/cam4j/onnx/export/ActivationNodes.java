package org.cam4j.onnx.export;

import org.cam4j.plan.operation.Activation;

/** Activations as nodes of opset 17. */
final class ActivationNodes {

    private final GraphDraft draft;

    ActivationNodes(GraphDraft draft) {
        this.draft = draft;
    }

    /** Applies a function to a tensor. */
    String of(Activation activation, String x) {
        float alpha = activation.alpha();
        float beta = activation.beta();
        return switch (activation.function()) {
            case IDENTITY -> x;
            case RELU ->
                alpha == 0
                        ? draft.add("Relu", x)
                        : draft.node("LeakyRelu", x).with("alpha", alpha).output();
            case CLIP -> clip(x, alpha, beta);
            case ELU -> draft.node("Elu", x).with("alpha", alpha).output();
            case SCALED_ELU ->
                draft.node("Selu", x).with("alpha", alpha).with("gamma", beta).output();
            case SIGMOID -> draft.add("Sigmoid", x);
            case TANH -> draft.add("Tanh", x);
            case SWISH, HARD_SWISH, GELU, GELU_TANH, MISH -> draft.add("Mul", x, gate(activation, x));
            case HARD_SIGMOID ->
                draft.node("HardSigmoid", x)
                        .with("alpha", alpha)
                        .with("beta", beta)
                        .output();
            case SOFTPLUS -> draft.add("Softplus", x);
            case SOFTSIGN -> draft.add("Softsign", x);
            case EXPONENTIAL -> draft.add("Exp", x);
            case THRESHOLD ->
                draft.node("ThresholdedRelu", x).with("alpha", alpha).output();
            case POWER -> draft.add("Pow", x, draft.scalar(alpha));
        };
    }

    private String clip(String x, float low, float high) {
        return draft.add(
                "Clip",
                x,
                low == Float.NEGATIVE_INFINITY ? "" : draft.scalar(low),
                high == Float.POSITIVE_INFINITY ? "" : draft.scalar(high));
    }

    /** Returns {@code φ(x)/x} of the functions that are a product with {@code x}. */
    String gate(Activation activation, String x) {
        return switch (activation.function()) {
            case SWISH ->
                draft.add(
                        "Sigmoid", activation.alpha() == 1 ? x : draft.add("Mul", x, draft.scalar(activation.alpha())));
            case HARD_SWISH ->
                draft.node("HardSigmoid", x)
                        .with("alpha", activation.alpha())
                        .with("beta", activation.beta())
                        .output();
            case GELU -> half(draft.add("Erf", draft.add("Mul", x, draft.scalar((float) Math.sqrt(0.5)))));
            case GELU_TANH -> half(draft.add("Tanh", cubic(x)));
            case MISH -> draft.add("Tanh", draft.add("Softplus", x));
            default -> throw new IllegalArgumentException(activation + " is no product");
        };
    }

    /** {@code (1 + x)/2}. */
    private String half(String x) {
        return draft.add("Mul", draft.add("Add", x, draft.scalar(1)), draft.scalar(0.5f));
    }

    /** {@code √(2/π) · (x + 0.044715 x³)}. */
    String cubic(String x) {
        String square = draft.add("Mul", x, x);
        String factor = draft.add("Add", draft.add("Mul", square, draft.scalar(0.044715f)), draft.scalar(1));
        return draft.add("Mul", draft.add("Mul", x, factor), draft.scalar((float) Math.sqrt(2 / Math.PI)));
    }
}
