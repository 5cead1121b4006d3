package org.cam4j.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes functions that Keras turned into layers ({@code TFOpLambda}, {@code SlicingOpLambda}, {@code keras.ops}) as the layers
 * that compute the same: {@code x / 127.5} is a {@code Rescaling}, {@code mean} over rows and columns is a
 * {@code GlobalAveragePooling2D}. What has no such layer stays and is refused by its name.
 */
final class Operations {

    private static final Set<String> ADDING = Set.of("math.add", "__operators__.add", "ops.Add", "nn.bias_add");
    private static final Set<String> SUBTRACTING = Set.of("math.subtract", "__operators__.sub", "ops.Subtract");
    private static final Set<String> MULTIPLYING = Set.of("math.multiply", "__operators__.mul", "ops.Multiply");
    private static final Set<String> DIVIDING =
            Set.of("math.truediv", "math.divide", "__operators__.truediv", "ops.TrueDivide", "ops.Divide");
    private static final Set<String> SLICING = Set.of("__operators__.getitem", "ops.GetItem");
    private static final Set<String> AXES_OF_A_MAP = Set.of("math.reduce_mean", "ops.Mean");
    private static final Set<String> MAXIMA_OF_A_MAP = Set.of("math.reduce_max", "ops.Max", "ops.Amax");
    private static final Set<String> SQUEEZING = Set.of("compat.v1.squeeze", "squeeze", "ops.Squeeze");

    /** Functions of one value with nothing to set, and Keras' names of them. */
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

    private final Map<String, LayerNode> before = new HashMap<>();

    private Operations() {}

    /** The graph with layers instead of functions, as far as there are such. */
    static LayerGraph asLayers(LayerGraph graph) {
        if (graph.nodes().stream().noneMatch(node -> OperationCall.isIn(node.config()))) {
            return graph;
        }
        Operations operations = new Operations();
        List<LayerNode> nodes = new ArrayList<>();
        for (LayerNode node : graph.nodes()) {
            operations.before.put(node.name(), node);
            nodes.add(OperationCall.isIn(node.config()) ? operations.asLayer(node) : node);
        }
        return new LayerGraph(withoutUnused(graph, nodes), graph.inputs(), graph.outputs());
    }

    /** Single channels that were taken out only to be stacked again are of no use any more. */
    private static List<LayerNode> withoutUnused(LayerGraph graph, List<LayerNode> nodes) {
        Set<String> used = new HashSet<>(graph.outputs());
        nodes.forEach(node -> used.addAll(node.inputs()));
        return nodes.stream()
                .filter(node -> used.contains(node.name()) || !node.className().equals("ops.GetItem"))
                .toList();
    }

    private static boolean isSlice(LayerNode node) {
        return OperationCall.isIn(node.config())
                && SLICING.contains(OperationCall.of(node.config()).function());
    }

    private LayerNode asLayer(LayerNode node) {
        OperationCall call = OperationCall.of(node.config());
        Optional<LayerNode> stacked = stackedChannels(node, call);
        if (stacked.isPresent()) {
            return stacked.get();
        }
        return layer(call).map(layer -> layer.of(node)).orElseGet(() -> new Layer(
                        node.className().startsWith("ops.") ? node.className() : "function " + call.function(),
                        node.config().json())
                .of(node));
    }

    /** What a function is written as. */
    private record Layer(String className, ObjectNode json) {

        Layer(String className) {
            this(className, JsonNodeFactory.instance.objectNode());
        }

        Layer with(String key, String value) {
            json.put(key, value);
            return this;
        }

        Layer with(String key, JsonNode value) {
            json.set(key, value);
            return this;
        }

        LayerNode of(LayerNode node) {
            return node.withConfig(new LayerConfig(node.config().layer(), className, json));
        }
    }

    private static Optional<Layer> layer(OperationCall call) {
        String function = call.function();
        if (ACTIVATIONS.containsKey(function)) {
            return call.tensors() == 1 && isDefault(call, "axis", "beta", "name", "dtype", "features")
                    ? Optional.of(new Layer("Activation").with("activation", ACTIVATIONS.get(function)))
                    : Optional.empty();
        }
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
            return arithmetic(call, null, (constant, first) -> first ? Optional.empty() : scaling(constant, true));
        }
        return switch (function) {
            case "ops.ReLU" -> Optional.of(rectifier(call));
            case "math.negative", "ops.Negative" -> rescaling(-1, JsonNodeFactory.instance.numberNode(0), 1);
            case "math.maximum", "ops.Maximum" -> arithmetic(call, "Maximum", (constant, first) -> rectified(constant));
            case "math.minimum", "ops.Minimum" -> arithmetic(call, "Minimum", (constant, first) -> Optional.empty());
            case "nn.softmax", "ops.Softmax" ->
                Optional.of(new Layer("Softmax").with("axis", orElse(call.constant(1, "axis"), -1)));
            case "nn.gelu" -> Optional.of(gelu(call.constant(1, "approximate").asBoolean(false)));
            case "ops.Gelu" -> Optional.of(gelu(call.constant(1, "approximate").asBoolean(true)));
            case "nn.leaky_relu", "ops.LeakyRelu" ->
                Optional.of(
                        new Layer("LeakyReLU").with("alpha", orElse(call.constant(1, "alpha", "negative_slope"), 0.2)));
            case "ops.Elu" -> Optional.of(new Layer("ELU").with("alpha", orElse(call.constant(1, "alpha"), 1)));
            case "concat", "ops.Concatenate" ->
                Optional.of(new Layer("Concatenate")
                        .with("axis", orElse(call.constant(call.arguments().size(), "axis"), -1)));
            case "image.resize", "ops.Resize" -> resizing(call);
            case "reshape", "ops.Reshape" ->
                behindBatch(call.constant(1, "shape", "newshape"), "Reshape", "target_shape");
            case "transpose", "compat.v1.transpose", "ops.Transpose" ->
                behindBatch(call.constant(1, "perm", "axes"), "Permute", "dims");
            default -> {
                if (AXES_OF_A_MAP.contains(function)) {
                    yield pooling(call, "GlobalAveragePooling2D");
                }
                if (MAXIMA_OF_A_MAP.contains(function)) {
                    yield pooling(call, "GlobalMaxPooling2D");
                }
                if (SQUEEZING.contains(function) && isRowsAndColumns(call.constant(1, "axis"))) {
                    ObjectNode json = JsonNodeFactory.instance.objectNode();
                    json.putArray("target_shape").add(-1);
                    yield Optional.of(new Layer("Reshape", json));
                }
                yield SLICING.contains(function) && isReversal(call)
                        ? Optional.of(new Layer(ChannelOrderKind.CLASS_NAME))
                        : Optional.empty();
            }
        };
    }

    /** Whether only arguments are named that do not change what an activation computes. */
    private static boolean isDefault(OperationCall call, String... harmless) {
        Set<String> others = new TreeSet<>(call.named().keySet());
        others.removeAll(List.of(harmless));
        others.removeAll(List.of("name", "trainable", "dtype", "function", LayerConfig.CALL));
        return others.isEmpty();
    }

    // ---- arithmetic ----

    /** A layer for an operation with a constant, which may come first. */
    @FunctionalInterface
    private interface WithConstant {
        Optional<Layer> of(JsonNode constant, boolean first);
    }

    /** @param className the layer for two tensors; null where there is none */
    private static Optional<Layer> arithmetic(OperationCall call, String className, WithConstant withConstant) {
        if (call.tensors() == 2 && call.arguments().size() == 2) {
            return Optional.ofNullable(className).map(Layer::new);
        }
        if (call.tensors() != 1) {
            return Optional.empty();
        }
        boolean first = !call.arguments().get(0).isTensor();
        JsonNode constant = first ? call.arguments().get(0).constant() : call.constant(1, "y", "x2", "bias");
        return constant.isMissingNode() ? Optional.empty() : withConstant.of(constant, first);
    }

    private static Optional<Layer> rescaling(double scale, JsonNode offset, double factor) {
        return numbers(offset).map(numbers -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("scale", scale);
            var array = json.putArray("offset");
            numbers.forEach(number -> array.add(factor * number));
            return new Layer("Rescaling", json);
        });
    }

    private static Optional<Layer> scaling(JsonNode scale, boolean inverse) {
        return numbers(scale).map(numbers -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            var array = json.putArray("scale");
            numbers.forEach(number -> array.add(inverse ? 1 / number : number));
            return new Layer("Rescaling", json);
        });
    }

    /** A number, or the numbers along the last axis of an array whose other axes have one entry. */
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

    private static Optional<Layer> rectified(JsonNode least) {
        return least.isNumber() && least.doubleValue() == 0 ? Optional.of(new Layer("ReLU")) : Optional.empty();
    }

    private static Layer rectifier(OperationCall call) {
        Layer layer = new Layer("ReLU");
        for (String setting : List.of("max_value", "negative_slope", "threshold")) {
            layer.with(setting, call.named().getOrDefault(setting, JsonNodeFactory.instance.nullNode()));
        }
        return layer;
    }

    private static Layer gelu(boolean approximate) {
        return new Layer("Activation").with("activation", approximate ? "gelu_tanh" : "gelu");
    }

    private static JsonNode orElse(JsonNode value, double otherwise) {
        return !value.isMissingNode() && !value.isNull()
                ? value
                : otherwise == Math.rint(otherwise)
                        ? JsonNodeFactory.instance.numberNode((int) otherwise)
                        : JsonNodeFactory.instance.numberNode(otherwise);
    }

    // ---- rows, columns and channels ----

    private static Optional<Layer> pooling(OperationCall call, String className) {
        boolean keep = call.constant(2, "keepdims").asBoolean(false);
        return isRowsAndColumns(call.constant(1, "axis"))
                ? Optional.of(new Layer(className).with("keepdims", JsonNodeFactory.instance.booleanNode(keep)))
                : Optional.empty();
    }

    /** Whether axes are those of rows and columns, in any order, counted from either end. */
    private static boolean isRowsAndColumns(JsonNode axes) {
        Set<Integer> counted = new TreeSet<>();
        axes.forEach(axis -> counted.add(axis.asInt() < 0 ? axis.asInt() + 4 : axis.asInt()));
        return counted.equals(Set.of(1, 2));
    }

    private static Optional<Layer> resizing(OperationCall call) {
        JsonNode size = call.constant(1, "size");
        if (!size.isArray()
                || size.size() != 2
                || call.constant(3, "preserve_aspect_ratio").asBoolean(false)) {
            return Optional.empty();
        }
        Layer layer = new Layer("Resizing").with("height", size.get(0)).with("width", size.get(1));
        layer.with("interpolation", call.constant(2, "method", "interpolation").asText("bilinear"));
        for (String flag : List.of("antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio")) {
            layer.with(
                    flag,
                    JsonNodeFactory.instance.booleanNode(call.constant(9, flag).asBoolean(false)));
        }
        return Optional.of(layer);
    }

    /** A list of sizes or axes without that of the batch, which stays where it is. */
    private static Optional<Layer> behindBatch(JsonNode list, String className, String key) {
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
        return Optional.of(new Layer(className, json));
    }

    /** {@code [..., ::-1]}. */
    private static boolean isReversal(OperationCall call) {
        JsonNode spec = call.constant(1, "slice_spec");
        JsonNode last = spec.path(1).has("config") ? spec.path(1).path("config") : spec.path(1);
        return spec.size() == 2
                && isEllipsis(spec.path(0))
                && last.path("step").asInt(0) == -1
                && !last.hasNonNull("start")
                && !last.hasNonNull("stop");
    }

    private static boolean isEllipsis(JsonNode slice) {
        return slice.path("class_name").asText().equals("__ellipsis__");
    }

    /** {@code stack([x[..., 2], x[..., 1], x[..., 0]], axis=-1)}, as Keras 3 reverses channels. */
    private Optional<LayerNode> stackedChannels(LayerNode node, OperationCall call) {
        if (!call.function().equals("ops.Stack")
                || call.constant(call.arguments().size(), "axis").asInt(0) != -1) {
            return Optional.empty();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var order = json.putArray(ChannelOrderKind.ORDER);
        Set<List<String>> sources = new HashSet<>();
        for (String input : node.inputs()) {
            LayerNode slice = before.get(input);
            if (!isSlice(slice)) {
                return Optional.empty();
            }
            JsonNode spec = OperationCall.of(slice.config()).constant(1, "slice_spec");
            if (spec.size() != 2 || !isEllipsis(spec.get(0)) || !spec.get(1).isInt()) {
                return Optional.empty();
            }
            order.add(spec.get(1).intValue());
            sources.add(slice.inputs());
        }
        return sources.size() == 1
                ? Optional.of(new Layer(ChannelOrderKind.CLASS_NAME, json)
                        .of(node)
                        .withInputs(sources.iterator().next()))
                : Optional.empty();
    }
}
