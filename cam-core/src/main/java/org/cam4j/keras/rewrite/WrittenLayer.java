package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.kind.ActivationFunction;

/**
 * The layer that replaces a function or a layer of a sequence.
 *
 * @param className Keras' class, or one of cam4j's own
 * @param json the layer's configuration
 */
record WrittenLayer(String className, ObjectNode json) {

    WrittenLayer(String className) {
        this(className, JsonNodeFactory.instance.objectNode());
    }

    /** Returns a layer that passes its input on. */
    static WrittenLayer idle() {
        return new WrittenLayer("Activation").with("activation", ActivationFunction.LINEAR);
    }

    /** Returns a layer that computes {@code factor · x}. */
    static WrittenLayer scaled(double factor) {
        return new WrittenLayer("Rescaling").with("scale", JsonNodeFactory.instance.numberNode(factor));
    }

    /** Returns a layer that is refused for the given reason. */
    static WrittenLayer refused(LayerNode node, String reason) {
        OperationCall call = OperationCall.isIn(node.config()) ? OperationCall.of(node.config()) : null;
        String name =
                call == null || node.className().startsWith("ops.") ? node.className() : "function " + call.function();
        return new WrittenLayer(name, node.config().json().deepCopy()).with(LayerConfig.REASON, reason);
    }

    WrittenLayer with(String key, String value) {
        json.put(key, value);
        return this;
    }

    WrittenLayer with(String key, boolean value) {
        json.put(key, value);
        return this;
    }

    WrittenLayer with(String key, int... values) {
        var array = json.putArray(key);
        for (int value : values) {
            array.add(value);
        }
        return this;
    }

    WrittenLayer with(String key, JsonNode value) {
        json.set(key, value);
        return this;
    }

    LayerNode of(LayerNode node) {
        return node.withConfig(new LayerConfig(node.config().layer(), className, json));
    }
}
