package org.cam4j.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.UnsupportedModelException;

/**
 * Reads the configuration of a Keras 2 model into a {@link LayerGraph}: functional models as they are, sequential ones as a
 * chain. Layer classes are not looked at here.
 */
final class ConfigReader {

    /** More than any Keras application has, and few enough for DL4J's importer, which is quadratic. */
    private static final int MOST_LAYERS = 5000;

    private static final int LONGEST_NAME = 512;

    private final List<Call> calls = new ArrayList<>();
    private final Map<String, List<Call>> callsOf = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();

    private ConfigReader() {}

    /**
     * Reads a configuration.
     *
     * @param json the {@code model_config} of the file
     * @throws ModelFileException if it is damaged
     * @throws UnsupportedModelException if it is of another kind of model
     */
    static LayerGraph read(String json) {
        JsonNode model = ModelJson.parse(json);
        String className = model.path("class_name").asText();
        JsonNode config = model.path("config");
        return switch (className) {
            case "Sequential" -> new ConfigReader().sequential(config);
            case "Functional", "Model" -> new ConfigReader().functional(config);
            case "" -> throw damaged("it has no class_name");
            default ->
                throw new UnsupportedModelException("the model is of the class " + Quoted.of(className)
                        + ": only functional and sequential models say in the file how their layers are connected."
                        + " Rebuild it with keras.Sequential or keras.Model(inputs, outputs) and save that.");
        };
    }

    private LayerGraph sequential(JsonNode config) {
        // Keras 2.2.2 and older wrote the bare list of layers.
        JsonNode layers = config.isArray() ? config : config.path("layers");
        List<LayerConfig> configs = layerConfigs(layers);
        List<LayerNode> nodes = new ArrayList<>();
        if (!configs.get(0).className().equals(LayerKinds.INPUT)) {
            nodes.add(input(configs.get(0), config));
        }
        for (LayerConfig layer : configs) {
            List<String> inputs = nodes.isEmpty()
                    ? List.of()
                    : List.of(nodes.get(nodes.size() - 1).name());
            nodes.add(node(layer.layer(), layer, inputs));
        }
        return new LayerGraph(
                nodes,
                List.of(nodes.get(0).name()),
                List.of(nodes.get(nodes.size() - 1).name()));
    }

    /** The input that a sequential model without an input layer declares in its first layer. */
    private LayerNode input(LayerConfig first, JsonNode model) {
        JsonNode shape = first.has(InputKind.SHAPE) ? first.get(InputKind.SHAPE) : model.path("build_input_shape");
        if (!shape.isArray()) {
            throw damaged("neither the first layer nor the model says the input's shape: in Keras, build the model with"
                    + " an Input layer");
        }
        String name = unique(first.layer() + "_input");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set(InputKind.SHAPE, shape);
        return node(name, new LayerConfig(name, LayerKinds.INPUT, json), List.of());
    }

    private LayerGraph functional(JsonNode config) {
        JsonNode layers = config.path("layers");
        List<LayerConfig> configs = layerConfigs(layers);
        for (int i = 0; i < configs.size(); i++) {
            LayerConfig layer = configs.get(i);
            List<Call> own = new ArrayList<>();
            for (JsonNode inbound : layers.get(i).path("inbound_nodes")) {
                own.add(new Call(layer, own.isEmpty() ? layer.layer() : unique(layer.layer()), references(inbound)));
            }
            if (own.isEmpty()) {
                own.add(new Call(layer, layer.layer(), List.of()));
            }
            calls.addAll(own);
            callsOf.put(layer.layer(), own);
        }
        return new LayerGraph(
                sorted(), named(config.path("input_layers"), "input"), named(config.path("output_layers"), "output"));
    }

    /** Names and classes of all layers, checked. */
    private List<LayerConfig> layerConfigs(JsonNode layers) {
        if (!layers.isArray() || layers.isEmpty()) {
            throw damaged("it has no layers");
        }
        if (layers.size() > MOST_LAYERS) {
            throw damaged("it has " + layers.size() + " layers, more than the " + MOST_LAYERS + " that are read");
        }
        List<LayerConfig> configs = new ArrayList<>();
        for (JsonNode layer : layers) {
            String className = layer.path("class_name").asText();
            JsonNode config = layer.path("config");
            String name = config.path("name").asText(layer.path("name").asText());
            if (className.isEmpty() || name.isEmpty() || !config.isObject()) {
                throw damaged("layer " + configs.size() + " has no class_name, name or config");
            }
            if (name.length() > LONGEST_NAME || className.length() > LONGEST_NAME) {
                throw damaged("layer " + configs.size() + " has a name of " + name.length() + " characters");
            }
            if (!names.add(name)) {
                throw damaged("two layers are called " + Quoted.of(name));
            }
            configs.add(new LayerConfig(name, className, (ObjectNode) config));
        }
        return configs;
    }

    /** All tensors {@code [layer, call, output]} that go into one call, in order. */
    private static List<Reference> references(JsonNode inbound) {
        List<Reference> references = new ArrayList<>();
        Deque<JsonNode> rest = new ArrayDeque<>();
        rest.push(inbound);
        while (!rest.isEmpty()) {
            JsonNode next = rest.pop();
            if (isReference(next)) {
                requireInference(next);
                references.add(
                        new Reference(next.get(0).textValue(), next.get(1).intValue()));
            } else if (next.isArray()) {
                for (int i = next.size() - 1; i >= 0; i--) {
                    rest.push(next.get(i));
                }
            }
        }
        return references;
    }

    private static void requireInference(JsonNode reference) {
        if (reference.path(3).path("training").asBoolean()) {
            throw new UnsupportedModelException("a layer is called with training=True on the output of "
                    + Quoted.of(reference.get(0).textValue())
                    + ", so that it acts as in training also at inference. Build the model without it.");
        }
    }

    private static boolean isReference(JsonNode json) {
        return json.isArray()
                && json.size() >= 3
                && json.get(0).isTextual()
                && json.get(1).isInt();
    }

    private List<String> named(JsonNode list, String what) {
        List<String> named = new ArrayList<>();
        for (Reference reference : references(list)) {
            named.add(resolved(reference, "the model's " + what).name);
        }
        if (named.isEmpty()) {
            throw damaged("it has no " + what + " layers");
        }
        return named;
    }

    private Call resolved(Reference reference, String by) {
        List<Call> targets = callsOf.get(reference.layer);
        if (targets == null) {
            throw damaged(by + " refers to the layer " + Quoted.of(reference.layer) + ", which is not there");
        }
        // Calls outside the saved model are counted too, so a layer with one call may be asked for by any number.
        int call = targets.size() == 1 ? 0 : reference.call;
        if (call < 0 || call >= targets.size()) {
            throw damaged(by + " refers to call " + call + " of the layer " + Quoted.of(reference.layer)
                    + ", which has " + targets.size());
        }
        return targets.get(call);
    }

    /** All calls in topological order (Kahn's algorithm), keeping Keras' order where it is one. */
    private List<LayerNode> sorted() {
        Map<Call, List<Call>> consumers = new HashMap<>();
        Map<Call, Integer> missing = new HashMap<>();
        for (Call call : calls) {
            for (Reference reference : call.inputs) {
                Call source = resolved(reference, "layer " + Quoted.of(call.name));
                consumers.computeIfAbsent(source, key -> new ArrayList<>()).add(call);
            }
            missing.put(call, call.inputs.size());
        }
        Deque<Call> ready = new ArrayDeque<>();
        calls.stream().filter(call -> call.inputs.isEmpty()).forEach(ready::add);
        List<LayerNode> nodes = new ArrayList<>();
        while (!ready.isEmpty()) {
            Call call = ready.poll();
            List<String> inputs = call.inputs.stream()
                    .map(reference -> resolved(reference, call.name).name)
                    .toList();
            nodes.add(node(call.name, call.layer, inputs));
            for (Call consumer : consumers.getOrDefault(call, List.of())) {
                if (missing.merge(consumer, -1, Integer::sum) == 0) {
                    ready.add(consumer);
                }
            }
        }
        if (nodes.size() < calls.size()) {
            Set<String> done = new HashSet<>();
            nodes.forEach(node -> done.add(node.name()));
            throw damaged("its layers depend on each other in a circle: "
                    + calls.stream()
                            .map(call -> call.name)
                            .filter(name -> !done.contains(name))
                            .map(Quoted::cut)
                            .limit(5)
                            .toList());
        }
        return nodes;
    }

    private static LayerNode node(String name, LayerConfig layer, List<String> inputs) {
        return new LayerNode(name, layer, inputs, new LayerNode.WeightsAddress(layer.layer(), layer.layer()));
    }

    /** A name that no layer has, made of one that is taken. */
    private String unique(String name) {
        String unique = name;
        for (int i = 1; !names.add(unique); i++) {
            unique = name + "_" + i;
        }
        return unique;
    }

    private static ModelFileException damaged(String found) {
        return new ModelFileException(
                "the model configuration is damaged: " + found + ". Save the model again with model.save(...).");
    }

    /** Identity matters, not values: a layer may be called twice on the same inputs. */
    private static final class Call {
        private final LayerConfig layer;
        private final String name;
        private final List<Reference> inputs;

        private Call(LayerConfig layer, String name, List<Reference> inputs) {
            this.layer = layer;
            this.name = name;
            this.inputs = inputs;
        }
    }

    private record Reference(String layer, int call) {}
}
