package org.cam4j.keras;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One layer as DL4J's Keras importer reads it: Keras 2, channels last, float32, harmless initializers. */
final class Keras2Layer {

    private final String className;
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();

    Keras2Layer(String className) {
        this.className = className;
        config.put("dtype", "float32");
        config.put("data_format", "channels_last");
    }

    String className() {
        return className;
    }

    ObjectNode config() {
        return config;
    }

    Keras2Layer with(String key, int value) {
        config.put(key, value);
        return this;
    }

    Keras2Layer with(String key, double value) {
        config.put(key, value);
        return this;
    }

    Keras2Layer with(String key, boolean value) {
        config.put(key, value);
        return this;
    }

    Keras2Layer with(String key, String value) {
        config.put(key, value);
        return this;
    }

    Keras2Layer with(String key, int... values) {
        var array = config.putArray(key);
        for (int value : values) {
            array.add(value);
        }
        return this;
    }

    /** Zeros: the importer insists on an initializer, and the file's weights replace what it makes. */
    Keras2Layer initialized(String... keys) {
        for (String key : keys) {
            config.putObject(key).put("class_name", "Zeros").putObject("config");
        }
        return this;
    }
}
