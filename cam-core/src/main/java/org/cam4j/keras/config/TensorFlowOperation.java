package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Converts {@code TensorFlowOpLayer} to the call of a function, as later versions write it. TensorFlow 2.0 to 2.3 stored functions as
 * operations of its graph, with constants by their positions among the inputs.
 */
final class TensorFlowOperation {

    static final String CLASS_NAME = "TensorFlowOpLayer";

    /** TensorFlow's operations, and the Python functions that create them. */
    private static final Map<String, String> FUNCTIONS = Map.ofEntries(
            Map.entry("Add", "math.add"),
            Map.entry("AddV2", "math.add"),
            Map.entry("BiasAdd", "nn.bias_add"),
            Map.entry("Sub", "math.subtract"),
            Map.entry("Mul", "math.multiply"),
            Map.entry("RealDiv", "math.truediv"),
            Map.entry("Neg", "math.negative"),
            Map.entry("Maximum", "math.maximum"),
            Map.entry("Minimum", "math.minimum"),
            Map.entry("Mean", "math.reduce_mean"),
            Map.entry("Max", "math.reduce_max"),
            Map.entry("Sum", "math.reduce_sum"),
            Map.entry("Cast", "cast"),
            Map.entry("Identity", "identity"),
            Map.entry("StopGradient", "stop_gradient"),
            Map.entry("Relu", "nn.relu"),
            Map.entry("Relu6", "nn.relu6"),
            Map.entry("Elu", "nn.elu"),
            Map.entry("Selu", "nn.selu"),
            Map.entry("LeakyRelu", "nn.leaky_relu"),
            Map.entry("Softplus", "math.softplus"),
            Map.entry("Softsign", "nn.softsign"),
            Map.entry("Softmax", "nn.softmax"),
            Map.entry("Sigmoid", "math.sigmoid"),
            Map.entry("Tanh", "math.tanh"),
            Map.entry("Exp", "math.exp"),
            Map.entry("Reshape", "reshape"),
            Map.entry("Transpose", "transpose"),
            Map.entry("ConcatV2", "concat"));

    private TensorFlowOperation() {}

    /** Returns the layer as a call of a function; an operation without a function keeps its name. */
    static LayerConfig asFunction(LayerConfig layer, int tensors) {
        JsonNode node = layer.get("node_def");
        String operation = node.path("op").asText(CLASS_NAME);
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("function", FUNCTIONS.getOrDefault(operation, operation));
        ObjectNode call = config.putObject(LayerConfig.CALL);
        ObjectNode constants =
                layer.get("constants") instanceof ObjectNode some ? some.deepCopy() : config.objectNode();
        ObjectNode settings = call.putObject("kwargs");
        if (operation.equals("ConcatV2") && constants.has(String.valueOf(tensors))) {
            settings.set("axis", constants.remove(String.valueOf(tensors)));
        }
        arguments(call.putArray("args"), constants, tensors);
        settings(settings, operation, node.path("attr"));
        return new LayerConfig(layer.layer(), "TFOpLambda", config);
    }

    /** Fills the positions without constants with tensors. */
    private static void arguments(ArrayNode arguments, JsonNode constants, int tensors) {
        int left = tensors;
        for (int i = 0; i < tensors + constants.size(); i++) {
            if (constants.has(String.valueOf(i))) {
                arguments.add(constants.get(String.valueOf(i)));
            } else if (left-- > 0) {
                arguments.addObject().put("class_name", OperationCall.TENSOR);
            }
        }
    }

    private static void settings(ObjectNode settings, String operation, JsonNode attributes) {
        attribute(attributes, "keep_dims", "b").ifPresent(value -> settings.set("keepdims", value));
        if (operation.equals("LeakyRelu")) {
            attribute(attributes, "alpha", "f").ifPresent(value -> settings.set("alpha", value));
        }
    }

    private static Optional<JsonNode> attribute(JsonNode attributes, String name, String type) {
        JsonNode value = attributes.path(name).path(type);
        return value.isMissingNode() ? Optional.empty() : Optional.of(value);
    }
}
