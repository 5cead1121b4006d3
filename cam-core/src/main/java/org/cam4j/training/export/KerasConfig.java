package org.cam4j.training.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A functional model's configuration in the words of Keras 2, which Keras 3 reads from {@code .h5} files too, or of Keras 3. */
final class KerasConfig {

    private static final String CONFIG = "config";
    private static final String DTYPE = "float32";

    private KerasConfig() {}

    /** For {@code .h5} files; entries that have Keras' default values are left out. */
    static ObjectNode keras2(List<KerasLayer> layers) {
        ObjectNode model = object().put("class_name", "Functional");
        ObjectNode config = model.putObject(CONFIG).put("name", "model").put("trainable", true);
        ArrayNode all = config.putArray("layers");
        for (KerasLayer layer : layers) {
            ObjectNode node = all.addObject().put("class_name", layer.className());
            node.set(CONFIG, layerConfig(layer, "batch_input_shape"));
            node.put("name", layer.name());
            ArrayNode inbound = node.putArray("inbound_nodes");
            if (!layer.isInput()) {
                ArrayNode call = inbound.addArray();
                layer.inputs()
                        .forEach(input ->
                                call.addArray().add(input).add(0).add(0).add(object()));
            }
        }
        putEnds(config, layers);
        return model;
    }

    /** For {@code .keras} files. */
    static ObjectNode keras3(List<KerasLayer> layers) {
        Map<String, KerasLayer> byName = new HashMap<>();
        layers.forEach(layer -> byName.put(layer.name(), layer));
        ObjectNode model = object().put("module", "keras.src.models.functional").put("class_name", "Functional");
        ObjectNode config = model.putObject(CONFIG).put("name", "model").put("trainable", true);
        ArrayNode all = config.putArray("layers");
        for (KerasLayer layer : layers) {
            ObjectNode node = all.addObject().put("module", "keras.layers").put("class_name", layer.className());
            node.set(CONFIG, layerConfig(layer, "batch_shape"));
            node.putNull("registered_name").put("name", layer.name());
            ArrayNode inbound = node.putArray("inbound_nodes");
            if (!layer.isInput()) {
                ObjectNode call = inbound.addObject();
                ArrayNode args = call.putArray("args");
                ArrayNode tensors = layer.inputs().size() == 1 ? args : args.addArray();
                layer.inputs().forEach(input -> tensors.add(tensor(byName.get(input))));
                call.putObject("kwargs");
            }
        }
        putEnds(config, layers);
        return model.put("registered_name", "Functional");
    }

    private static ObjectNode layerConfig(KerasLayer layer, String inputShape) {
        ObjectNode config =
                object().put("name", layer.name()).put("trainable", true).put("dtype", DTYPE);
        if (layer.isInput()) {
            config.remove("trainable");
            ArrayNode shape = config.putArray(inputShape).addNull();
            layer.config().get("shape").forEach(shape::add);
        } else {
            config.setAll(layer.config());
        }
        return config;
    }

    /** Keras 3 looks only at the history, but wants a shape of the right rank. */
    private static ObjectNode tensor(KerasLayer layer) {
        ObjectNode tensor = object().put("class_name", "__keras_tensor__");
        ObjectNode config = tensor.putObject(CONFIG);
        ArrayNode shape = config.putArray("shape");
        for (int i = 0; i < layer.rank(); i++) {
            shape.addNull();
        }
        config.put("dtype", DTYPE)
                .putArray("keras_history")
                .add(layer.name())
                .add(0)
                .add(0);
        return tensor;
    }

    private static void putEnds(ObjectNode config, List<KerasLayer> layers) {
        config.putArray("input_layers")
                .addArray()
                .add(layers.get(0).name())
                .add(0)
                .add(0);
        config.putArray("output_layers")
                .addArray()
                .add(layers.get(layers.size() - 1).name())
                .add(0)
                .add(0);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
