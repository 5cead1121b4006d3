package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.kind.ClipKind;
import org.cam4j.keras.kind.QuotientKind;

/** Rewrites sums, differences, products, quotients and bounds, of two tensors or of a tensor and a constant, as layers. */
final class Arithmetic {

    private static final Set<String> ADDING = Set.of("math.add", "__operators__.add", "ops.Add", "nn.bias_add");
    private static final Set<String> SUBTRACTING = Set.of("math.subtract", "__operators__.sub", "ops.Subtract");
    private static final Set<String> MULTIPLYING = Set.of("math.multiply", "__operators__.mul", "ops.Multiply");
    private static final Set<String> DIVIDING =
            Set.of("math.truediv", "math.divide", "__operators__.truediv", "ops.TrueDivide", "ops.Divide");

    private Arithmetic() {}

    /** Returns the layer; empty for other functions and for calls that no layer computes. */
    static Optional<WrittenLayer> layer(OperationCall call) {
        String function = call.function();
        if (ADDING.contains(function)) {
            return arithmetic(call, "Add", (constant, first) -> rescaling(1, constant, 1));
        }
        if (SUBTRACTING.contains(function)) {
            return arithmetic(
                    call,
                    "Subtract",
                    (constant, first) -> first ? rescaling(-1, constant, 1) : rescaling(1, constant, -1));
        }
        if (MULTIPLYING.contains(function)) {
            return arithmetic(call, "Multiply", (constant, first) -> scaling(constant, false));
        }
        if (DIVIDING.contains(function)) {
            return arithmetic(
                    call,
                    QuotientKind.CLASS_NAME,
                    (constant, first) -> first ? Optional.empty() : scaling(constant, true));
        }
        return switch (function) {
            case "math.negative", "ops.Negative" -> rescaling(-1, JsonNodeFactory.instance.numberNode(0), 1);
            case "math.maximum", "ops.Maximum" ->
                arithmetic(call, "Maximum", (constant, first) -> bounded(constant, ClipKind.LOW));
            case "math.minimum", "ops.Minimum" ->
                arithmetic(call, "Minimum", (constant, first) -> bounded(constant, ClipKind.HIGH));
            case "clip_by_value", "ops.Clip" -> clipped(call);
            default -> Optional.empty();
        };
    }

    private static Optional<WrittenLayer> bounded(JsonNode bound, String which) {
        if (!bound.isNumber()) {
            return Optional.empty();
        }
        return which.equals(ClipKind.LOW) && bound.doubleValue() == 0
                ? Optional.of(new WrittenLayer("ReLU"))
                : Optional.of(new WrittenLayer(ClipKind.CLASS_NAME).with(which, bound));
    }

    private static Optional<WrittenLayer> clipped(OperationCall call) {
        JsonNode low = call.constant(1, "clip_value_min", "x_min");
        JsonNode high = call.constant(2, "clip_value_max", "x_max");
        return call.tensors() == 1 && low.isNumber() && high.isNumber() && low.doubleValue() <= high.doubleValue()
                ? Optional.of(new WrittenLayer(ClipKind.CLASS_NAME)
                        .with(ClipKind.LOW, low)
                        .with(ClipKind.HIGH, high))
                : Optional.empty();
    }

    /** Returns the layer for an operation with a constant, which may be the first operand. */
    @FunctionalInterface
    private interface WithConstant {
        Optional<WrittenLayer> of(JsonNode constant, boolean first);
    }

    /** @param className the layer for two tensors */
    private static Optional<WrittenLayer> arithmetic(OperationCall call, String className, WithConstant withConstant) {
        if (call.tensors() == 2 && call.arguments().size() == 2) {
            return Optional.of(new WrittenLayer(className));
        }
        if (call.tensors() != 1) {
            return Optional.empty();
        }
        boolean first = !call.arguments().get(0).isTensor();
        JsonNode constant = first ? call.arguments().get(0).constant() : call.constant(1, "y", "x2", "bias");
        return constant.isMissingNode() ? Optional.empty() : withConstant.of(constant, first);
    }

    private static Optional<WrittenLayer> rescaling(double scale, JsonNode offset, double factor) {
        return numbers(offset).map(numbers -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("scale", scale);
            var array = json.putArray("offset");
            numbers.forEach(number -> array.add(factor * number));
            return new WrittenLayer("Rescaling", json);
        });
    }

    private static Optional<WrittenLayer> scaling(JsonNode scale, boolean inverse) {
        return numbers(scale).map(numbers -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            var array = json.putArray("scale");
            numbers.forEach(number -> array.add(inverse ? 1 / number : number));
            return new WrittenLayer("Rescaling", json);
        });
    }

    /** Returns a number, or the numbers along the last axis of an array whose other axes have one entry. */
    private static Optional<List<Double>> numbers(JsonNode constant) {
        JsonNode inner = constant;
        while (inner.isArray() && inner.size() == 1 && inner.get(0).isArray()) {
            inner = inner.get(0);
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode value : inner.isArray() ? inner : List.of(inner)) {
            if (!value.isNumber()) {
                return Optional.empty();
            }
            numbers.add(value.doubleValue());
        }
        return numbers.isEmpty() ? Optional.empty() : Optional.of(numbers);
    }
}
