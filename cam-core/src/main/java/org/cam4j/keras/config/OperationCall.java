package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The call of a function that Keras turned into a layer, in one form for Keras 2 and 3.
 *
 * @param function the function's name, such as {@code math.add} of TensorFlow or {@code ops.Add} of Keras 3
 * @param arguments arguments by position; a list of tensors is spread out
 * @param named arguments by name, with the settings that Keras 3 stores outside the call
 */
public record OperationCall(String function, List<Argument> arguments, Map<String, JsonNode> named) {

    private static final String CONSTANT = "_CONSTANT_VALUE";
    /** Keras 3's class of a tensor in a call. */
    static final String TENSOR = "__keras_tensor__";

    private static final List<String> ARRAYS = List.of("__tensor__", "__numpy__");

    /**
     * One argument.
     *
     * @param constant the argument's value; null for a tensor
     */
    public record Argument(JsonNode constant) {

        public boolean isTensor() {
            return constant == null;
        }
    }

    public static boolean isIn(LayerConfig config) {
        return config.has(LayerConfig.CALL);
    }

    public static OperationCall of(LayerConfig config) {
        Reading reading = new Reading();
        JsonNode call = config.get(LayerConfig.CALL);
        if (call.isObject()) {
            config.json().properties().forEach(entry -> reading.named.set(entry.getKey(), entry.getValue()));
            call.path("args").forEach(reading::add);
            call.path("kwargs").properties().forEach(entry -> reading.put(entry.getKey(), entry.getValue()));
        } else {
            reading.addKeras2(call);
        }
        String function = config.text("function", config.className());
        Map<String, JsonNode> named = new LinkedHashMap<>();
        reading.named.properties().forEach(entry -> named.put(entry.getKey(), entry.getValue()));
        return new OperationCall(function, reading.arguments, named);
    }

    /** Finds the argument at a position, or with one of the names. */
    public JsonNode constant(int position, String... names) {
        if (position < arguments.size() && !arguments.get(position).isTensor()) {
            return arguments.get(position).constant;
        }
        for (String name : names) {
            if (named.containsKey(name)) {
                return named.get(name);
            }
        }
        return MissingNode.getInstance();
    }

    /** Counts the tensors among the arguments. */
    public long tensors() {
        return arguments.stream().filter(Argument::isTensor).count();
    }

    /** Collects arguments in the order in which the graph has the tensors. */
    private static final class Reading {

        private final List<Argument> arguments = new ArrayList<>();
        private final ObjectNode named = JsonNodeFactory.instance.objectNode();

        /** Adds {@code [layer, call, output, kwargs]}, or a list of such tensors. */
        private void addKeras2(JsonNode call) {
            if (call.path(0).isArray()) {
                call.forEach(this::addKeras2);
                return;
            }
            boolean constant = call.path(0).asText().equals(CONSTANT);
            arguments.add(new Argument(constant ? call.path(2) : null));
            call.path(3).properties().forEach(entry -> put(entry.getKey(), entry.getValue()));
        }

        /** Adds the second operand as an argument like the first, regardless of its name. */
        private void put(String name, JsonNode value) {
            if (isTensor(value)) {
                arguments.add(new Argument(null));
            } else if (!value.isNull()) {
                named.set(name, unwrapped(value));
            }
        }

        private void add(JsonNode value) {
            if (isTensor(value)) {
                arguments.add(new Argument(null));
            } else if (value.isArray() && !value.isEmpty() && isTensor(value.get(0))) {
                value.forEach(this::add);
            } else {
                arguments.add(new Argument(unwrapped(value)));
            }
        }

        private static boolean isTensor(JsonNode value) {
            return value.path("class_name").asText().equals(TENSOR)
                    || (value.isArray()
                            && value.size() >= 3
                            && value.get(0).isTextual()
                            && !value.get(0).textValue().equals(CONSTANT)
                            && value.get(1).isInt()
                            && value.get(2).isInt());
        }

        private static JsonNode unwrapped(JsonNode value) {
            return ARRAYS.contains(value.path("class_name").asText())
                    ? value.path("config").path("value")
                    : value;
        }
    }
}
