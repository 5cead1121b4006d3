package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.kind.ActivationFunction;
import org.cam4j.keras.kind.ChannelOrderKind;
import org.cam4j.keras.kind.UnitNormalizationKind;

/** Rewrites functions of TensorFlow and {@code keras.ops} that do not depend on the input's size as layers. */
final class FunctionLayers {

    static final Set<String> SLICING = Set.of("__operators__.getitem", "ops.GetItem");
    static final Set<String> SQUEEZING = Set.of("compat.v1.squeeze", "squeeze", "ops.Squeeze");

    /** Functions of one value without settings, and Keras' names of them. */
    private static final Map<String, String> ACTIVATIONS = Map.ofEntries(
            Map.entry("cast", "linear"),
            Map.entry("ops.Cast", "linear"),
            Map.entry("identity", "linear"),
            Map.entry("stop_gradient", "linear"),
            Map.entry("ops.StopGradient", "linear"),
            Map.entry("nn.relu", "relu"),
            Map.entry("nn.relu6", "relu6"),
            Map.entry("ops.Relu", "relu"),
            Map.entry("ops.Relu6", "relu6"),
            Map.entry("nn.elu", "elu"),
            Map.entry("nn.selu", "selu"),
            Map.entry("ops.Selu", "selu"),
            Map.entry("nn.silu", "silu"),
            Map.entry("nn.swish", "silu"),
            Map.entry("ops.Silu", "silu"),
            Map.entry("ops.Swish", "silu"),
            Map.entry("math.sigmoid", "sigmoid"),
            Map.entry("nn.sigmoid", "sigmoid"),
            Map.entry("ops.Sigmoid", "sigmoid"),
            Map.entry("ops.HardSigmoid", ActivationFunction.KERAS_3_HARD_SIGMOID),
            Map.entry("ops.HardSilu", "hard_silu"),
            Map.entry("ops.HardSwish", "hard_silu"),
            Map.entry("math.tanh", "tanh"),
            Map.entry("nn.tanh", "tanh"),
            Map.entry("ops.Tanh", "tanh"),
            Map.entry("math.softplus", "softplus"),
            Map.entry("nn.softplus", "softplus"),
            Map.entry("ops.Softplus", "softplus"),
            Map.entry("nn.softsign", "softsign"),
            Map.entry("ops.Softsign", "softsign"),
            Map.entry("math.exp", "exponential"),
            Map.entry("ops.Exp", "exponential"));

    private FunctionLayers() {}

    /** Returns the layer that computes a function on inputs of any size; empty if none does. */
    static Optional<WrittenLayer> of(OperationCall call) {
        String function = call.function();
        if (ACTIVATIONS.containsKey(function)) {
            return call.tensors() == 1 && isDefault(call, "axis", "beta", "name", "dtype", "features")
                    ? Optional.of(new WrittenLayer("Activation").with("activation", ACTIVATIONS.get(function)))
                    : Optional.empty();
        }
        Optional<WrittenLayer> arithmetic = Arithmetic.layer(call);
        if (arithmetic.isPresent()) {
            return arithmetic;
        }
        return switch (function) {
            case "ops.ReLU" -> Optional.of(rectifier(call));
            case "nn.softmax", "ops.Softmax" ->
                Optional.of(new WrittenLayer("Softmax").with("axis", orElse(call.constant(1, "axis"), -1)));
            case "nn.gelu" -> Optional.of(gelu(call.constant(1, "approximate").asBoolean(false)));
            case "ops.Gelu" -> Optional.of(gelu(call.constant(1, "approximate").asBoolean(true)));
            case "nn.leaky_relu", "ops.LeakyRelu" ->
                Optional.of(new WrittenLayer("LeakyReLU")
                        .with("alpha", orElse(call.constant(1, "alpha", "negative_slope"), 0.2)));
            case "ops.Elu" -> Optional.of(new WrittenLayer("ELU").with("alpha", orElse(call.constant(1, "alpha"), 1)));
            case "concat", "ops.Concatenate" ->
                Optional.of(new WrittenLayer("Concatenate")
                        .with("axis", orElse(call.constant(call.arguments().size(), "axis"), -1)));
            case "math.l2_normalize", "linalg.l2_normalize", "nn.l2_normalize" ->
                unitLength(call, number(call.constant(2, "epsilon"), 1e-12));
            case "ops.Normalize" -> {
                double epsilon = number(call.constant(3, "epsilon"), 1e-7);
                yield number(call.constant(2, "order"), 2) == 2
                        ? unitLength(call, epsilon * epsilon)
                        : Optional.empty();
            }
            case "image.resize", "ops.Resize" -> resizing(call);
            case "reshape", "ops.Reshape" ->
                behindBatch(call.constant(1, "shape", "newshape"), "Reshape", "target_shape");
            case "transpose", "compat.v1.transpose", "ops.Transpose" ->
                behindBatch(call.constant(1, "perm", "axes"), "Permute", "dims");
            default -> {
                Optional<Reductions.Kind> reduction = Reductions.kind(function);
                if (reduction.isPresent()) {
                    yield pooling(call, reduction.get());
                }
                if (SQUEEZING.contains(function) && isRowsAndColumns(call.constant(1, "axis"))) {
                    ObjectNode json = JsonNodeFactory.instance.objectNode();
                    json.putArray("target_shape").add(-1);
                    yield Optional.of(new WrittenLayer("Reshape", json));
                }
                yield SLICING.contains(function) && isReversal(call)
                        ? Optional.of(new WrittenLayer(ChannelOrderKind.CLASS_NAME))
                        : Optional.empty();
            }
        };
    }

    /** Whether the named arguments leave an activation's result unchanged. */
    private static boolean isDefault(OperationCall call, String... harmless) {
        Set<String> others = new TreeSet<>(call.named().keySet());
        others.removeAll(List.of(harmless));
        others.removeAll(List.of("name", "trainable", "dtype", "function", LayerConfig.CALL));
        return others.isEmpty();
    }

    // ---- activations ----

    private static WrittenLayer rectifier(OperationCall call) {
        WrittenLayer layer = new WrittenLayer("ReLU");
        for (String setting : List.of("max_value", "negative_slope", "threshold")) {
            layer.with(setting, call.named().getOrDefault(setting, JsonNodeFactory.instance.nullNode()));
        }
        return layer;
    }

    private static WrittenLayer gelu(boolean approximate) {
        return new WrittenLayer("Activation").with("activation", approximate ? "gelu_tanh" : "gelu");
    }

    /** Returns the layer for vectors of length 1; empty for an epsilon that single precision does not hold. */
    private static Optional<WrittenLayer> unitLength(OperationCall call, double squaredEpsilon) {
        return (float) squaredEpsilon > 0
                ? Optional.of(new WrittenLayer("UnitNormalization")
                        .with("axis", orElse(call.constant(1, "axis"), -1))
                        .with(
                                UnitNormalizationKind.SQUARED_EPSILON,
                                JsonNodeFactory.instance.numberNode(squaredEpsilon)))
                : Optional.empty();
    }

    private static double number(JsonNode value, double otherwise) {
        return value.isNumber() ? value.doubleValue() : otherwise;
    }

    private static JsonNode orElse(JsonNode value, double otherwise) {
        return !value.isMissingNode() && !value.isNull()
                ? value
                : otherwise == Math.rint(otherwise)
                        ? JsonNodeFactory.instance.numberNode((int) otherwise)
                        : JsonNodeFactory.instance.numberNode(otherwise);
    }

    // ---- rows, columns and channels ----

    /** Returns the layer for a map whose size is not known here. */
    private static Optional<WrittenLayer> pooling(OperationCall call, Reductions.Kind kind) {
        boolean keep = call.constant(2, "keepdims").asBoolean(false);
        boolean isPooling = kind == Reductions.Kind.MEAN || kind == Reductions.Kind.MAXIMUM;
        return isPooling && isRowsAndColumns(call.constant(1, "axis"))
                ? Optional.of(
                        new WrittenLayer(kind == Reductions.Kind.MEAN ? "GlobalAveragePooling2D" : "GlobalMaxPooling2D")
                                .with("keepdims", keep))
                : Optional.empty();
    }

    /** Whether axes are those of rows and columns, in any order, counted from either end. */
    private static boolean isRowsAndColumns(JsonNode axes) {
        Set<Integer> counted = new TreeSet<>();
        axes.forEach(axis -> counted.add(axis.asInt() < 0 ? axis.asInt() + 4 : axis.asInt()));
        return counted.equals(Set.of(1, 2));
    }

    private static Optional<WrittenLayer> resizing(OperationCall call) {
        JsonNode size = call.constant(1, "size");
        if (!size.isArray()
                || size.size() != 2
                || call.constant(3, "preserve_aspect_ratio").asBoolean(false)) {
            return Optional.empty();
        }
        WrittenLayer layer =
                new WrittenLayer("Resizing").with("height", size.get(0)).with("width", size.get(1));
        layer.with("interpolation", call.constant(2, "method", "interpolation").asText("bilinear"));
        for (String setting : List.of("fill_mode", "fill_value")) {
            if (!call.constant(9, setting).isMissingNode()) {
                layer.with(setting, call.constant(9, setting));
            }
        }
        for (String flag : List.of("antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio")) {
            layer.with(
                    flag,
                    JsonNodeFactory.instance.booleanNode(call.constant(9, flag).asBoolean(false)));
        }
        return Optional.of(layer);
    }

    /** Returns a list of sizes or axes without the batch's, which must stay in place. */
    private static Optional<WrittenLayer> behindBatch(JsonNode list, String className, String key) {
        if (!list.isArray() || list.size() < 2) {
            return Optional.empty();
        }
        boolean axes = className.equals("Permute");
        JsonNode batch = list.get(0);
        if (!(batch.isNull() || batch.asInt(-2) == (axes ? 0 : -1))) {
            return Optional.empty();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var rest = json.putArray(key);
        for (int i = 1; i < list.size(); i++) {
            rest.add(list.get(i));
        }
        return Optional.of(new WrittenLayer(className, json));
    }

    /** Whether a slice is {@code [..., ::-1]}. */
    static boolean isReversal(OperationCall call) {
        JsonNode spec = call.constant(1, "slice_spec");
        JsonNode last = spec.path(1).has("config") ? spec.path(1).path("config") : spec.path(1);
        return spec.size() == 2
                && isEllipsis(spec.path(0))
                && last.path("step").asInt(0) == -1
                && !last.hasNonNull("start")
                && !last.hasNonNull("stop");
    }

    static boolean isEllipsis(JsonNode slice) {
        return slice.path("class_name").asText().equals("__ellipsis__");
    }
}
