package org.cam4j.keras.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.config.ModelTree.Call;
import org.cam4j.keras.config.ModelTree.Layer;
import org.cam4j.keras.config.ModelTree.Reference;

/**
 * Reads a model's configuration of Keras 2 or Keras 3 into a {@link ModelTree}. Sequential models become chains of calls. Layer classes are
 * not checked here.
 */
public final class ConfigReader {

    private static final Set<String> MODELS = Set.of("Sequential", "Functional", "Model");
    private static final Set<String> WITH_ARGUMENTS = Set.of("TFOpLambda", "SlicingOpLambda");
    private static final String TENSOR = "__keras_tensor__";
    private static final String CONSTANT = "_CONSTANT_VALUE";
    private static final int LONGEST_NAME = 512;

    private final int mostLayers;
    private final List<String> storedLayers;
    private final Predicate<String> isLayer;
    private int layers;

    private ConfigReader(int mostLayers, List<String> storedLayers, Predicate<String> isLayer) {
        this.mostLayers = mostLayers;
        this.storedLayers = storedLayers;
        this.isLayer = isLayer;
    }

    /**
     * Reads the configuration of a model.
     *
     * @param architecture with the {@code model_config} of the file
     * @param storedLayers names of the outermost model's layers as the file of the weights has them, in order; none where it has none
     * @param isLayer whether a class is a layer's, not an operation's, even where the file has none of the settings that layers have
     * @throws ModelFileException if it is damaged or beyond the limits
     * @throws UnsupportedModelException if it is of another kind of model
     */
    public static ModelTree read(
            Architecture architecture, List<String> storedLayers, ConfigLimits limits, Predicate<String> isLayer) {
        JsonNode model = ModelJson.parse(architecture.config(), limits);
        if (Keras1.wrote(architecture)) {
            Keras1.translate(model);
        }
        String className = model.path("class_name").asText();
        if (className.isEmpty()) {
            throw damaged("it has no class_name");
        }
        if (!MODELS.contains(className)) {
            throw new UnsupportedModelException("the model is of the class " + Quoted.of(className) + ": "
                    + ForeignModels.objection(LayerJson.className(model))
                            .orElse("only functional and sequential models say in the file how their layers are"
                                    + " connected. Rebuild it with keras.Sequential or keras.Model(inputs, outputs) and"
                                    + " save that."));
        }
        return new ConfigReader(limits.layers(), storedLayers, isLayer).model(model, true);
    }

    /** Reads one model; the parser has already limited the depth of nested models. */
    private ModelTree model(JsonNode model, boolean outermost) {
        JsonNode config = model.path("config");
        // Keras 2.2.2 and older wrote the bare list of a sequential model's layers.
        JsonNode list = config.isArray() ? config : config.path("layers");
        if (!list.isArray() || list.isEmpty()) {
            throw damaged("it has no layers");
        }
        count(list.size());
        return model.path("class_name").asText().equals("Sequential")
                ? sequential(list, config, outermost)
                : functional(list, config);
    }

    private void count(int more) {
        layers += more;
        if (layers > mostLayers) {
            throw damaged("it has more than the " + mostLayers + " layers that are read");
        }
    }

    private ModelTree sequential(JsonNode list, JsonNode config, boolean outermost) {
        Set<String> names = new HashSet<>();
        StoredNames stored = new StoredNames();
        List<Layer> chain = new ArrayList<>();
        Reference last = Reference.FED;
        boolean withInput = LayerJson.className(list.get(0)).equals(LayerConfig.INPUT);
        for (int i = 0; i < list.size(); i++) {
            JsonNode json = list.get(i);
            LayerConfig layer = layerConfig(
                    json, i, outermost && storedLayers.size() == list.size() ? storedLayers.get(i) : "", names);
            if (chain.isEmpty() && outermost && !withInput) {
                chain.add(input(layer, json, config, names));
                last = reference(chain);
            }
            List<Reference> inputs = chain.isEmpty() && withInput ? List.of() : List.of(last);
            chain.add(new Layer(layer, stored(stored, json), nested(json), List.of(new Call(layer, inputs))));
            last = reference(chain);
        }
        return new ModelTree(
                chain, List.of(withInput || outermost ? reference(chain.subList(0, 1)) : Reference.FED), List.of(last));
    }

    /** Reads the inner layers of a layer that is no model, as a chain that takes the layer's input. */
    private ModelTree chain(InnerLayers inner) {
        count(inner.layers().size());
        Set<String> names = new HashSet<>();
        StoredNames stored = new StoredNames();
        List<Layer> chain = new ArrayList<>();
        Reference last = Reference.FED;
        for (JsonNode json : inner.layers()) {
            LayerConfig layer = layerConfig(json, chain.size(), "", names);
            String group = inner.numbered() ? stored(stored, json) : "layer";
            chain.add(new Layer(layer, group, nested(json), List.of(new Call(layer, List.of(last)))));
            last = reference(chain);
        }
        if (chain.isEmpty()) {
            throw damaged("it has a Pipeline without layers");
        }
        return new ModelTree(chain, List.of(Reference.FED), List.of(last));
    }

    private static String stored(StoredNames names, JsonNode json) {
        return StoredNames.LAYERS + "/" + names.next(json.path("class_name").asText());
    }

    private static Reference reference(List<Layer> chain) {
        return new Reference(chain.get(chain.size() - 1).name(), 0, 0);
    }

    /** Finds the input that a sequential model without an input layer declares in its first layer. */
    private static Layer input(LayerConfig first, JsonNode json, JsonNode model, Set<String> names) {
        JsonNode shape = first.has(LayerConfig.INPUT_SHAPE)
                ? first.get(LayerConfig.INPUT_SHAPE)
                : model.path("build_input_shape");
        JsonNode inner = json;
        while (!shape.isArray() && MODELS.contains(inner.path("class_name").asText())) {
            JsonNode layers = inner.path("config");
            inner = (layers.isArray() ? layers : layers.path("layers")).path(0);
            shape = inner.path("config").path("batch_shape");
            if (shape.isMissingNode()) {
                shape = inner.path("config").path(LayerConfig.INPUT_SHAPE);
            }
        }
        if (!shape.isArray()) {
            throw damaged("neither the first layer nor the model says the input's shape: in Keras, build the model with"
                    + " an Input layer");
        }
        String name = first.layer() + "_input";
        while (!names.add(name)) {
            name += "_";
        }
        ObjectNode declared = JsonNodeFactory.instance.objectNode();
        declared.set(LayerConfig.INPUT_SHAPE, shape);
        LayerConfig config = new LayerConfig(name, LayerConfig.INPUT, declared);
        return new Layer(config, "input_layer", Optional.empty(), List.of(new Call(config, List.of())));
    }

    private ModelTree functional(JsonNode list, JsonNode config) {
        Set<String> names = new HashSet<>();
        StoredNames stored = new StoredNames();
        List<Layer> read = new ArrayList<>();
        for (JsonNode json : list) {
            LayerConfig layer = layerConfig(json, read.size(), "", names);
            List<Call> calls = new ArrayList<>();
            for (JsonNode inbound : json.path("inbound_nodes")) {
                calls.add(new Call(withArguments(layer, json, inbound), references(inbound)));
            }
            if (calls.isEmpty()) {
                calls.add(new Call(layer, List.of()));
            }
            String group = LayerJson.isOperation(json, isLayer) ? "" : stored(stored, json);
            read.add(new Layer(layer, group, nested(json), calls));
        }
        return new ModelTree(read, tensors(config, "input"), tensors(config, "output"));
    }

    private static List<Reference> tensors(JsonNode config, String what) {
        List<Reference> references = references(config.path(what + "_layers"));
        if (references.isEmpty()) {
            throw damaged("it has no " + what + " layers");
        }
        return references;
    }

    private Optional<ModelTree> nested(JsonNode layer) {
        return isModel(layer)
                ? Optional.of(model(layer, false))
                : InnerLayers.of(layer).map(this::chain);
    }

    /** Whether the JSON is a model of Keras, not another package's class of the same name. */
    private boolean isModel(JsonNode layer) {
        return MODELS.contains(LayerJson.className(layer, isLayer));
    }

    /**
     * Reads and checks a layer's name and class.
     *
     * @param otherwise the name of a sequential model that was written as a bare list, without a name; empty if unknown
     */
    private LayerConfig layerConfig(JsonNode layer, int position, String otherwise, Set<String> names) {
        String className = LayerJson.className(layer, isLayer);
        JsonNode config = layer.path("config");
        // Layers refer to each other by the outer name; a TensorFlowOpLayer has another name in its configuration.
        String name = layer.path("name").asText(config.path("name").asText());
        if (name.isEmpty() && config.isArray()) {
            name = otherwise.isEmpty() ? "sequential_" + (position + 1) : otherwise;
        }
        if (className.isEmpty() || name.isEmpty() || !(config.isObject() || config.isArray())) {
            throw damaged("layer " + position + " has no class_name, name or config");
        }
        if (name.length() > LONGEST_NAME || className.length() > LONGEST_NAME) {
            throw damaged("layer " + position + " has a name of " + name.length() + " characters");
        }
        if (!names.add(name)) {
            throw damaged("two layers are called " + Quoted.of(name));
        }
        // A nested model's configuration is read separately.
        return MODELS.contains(className) || InnerLayers.areIn(className) || config.isArray()
                ? new LayerConfig(name, className, JsonNodeFactory.instance.objectNode())
                : new LayerConfig(name, className, LayerJson.config(className, (ObjectNode) config));
    }

    /** Functions that Keras turned into layers keep their arguments with each call. */
    private LayerConfig withArguments(LayerConfig layer, JsonNode json, JsonNode inbound) {
        if (layer.className().equals(TensorFlowOperation.CLASS_NAME)) {
            return TensorFlowOperation.asFunction(layer, references(inbound).size());
        }
        if (!LayerJson.isOperation(json, isLayer) && !WITH_ARGUMENTS.contains(layer.className())) {
            return layer;
        }
        ObjectNode config = layer.json().deepCopy();
        config.set(LayerConfig.CALL, inbound);
        return new LayerConfig(layer.layer(), layer.className(), config);
    }

    /** Lists all tensors in a piece of JSON, in order: {@code [layer, call, output]} or an object that holds such a history. */
    private static List<Reference> references(JsonNode json) {
        List<Reference> references = new ArrayList<>();
        Deque<JsonNode> rest = new ArrayDeque<>();
        rest.push(json);
        while (!rest.isEmpty()) {
            JsonNode next = rest.pop();
            JsonNode history = next.path("class_name").asText().equals(TENSOR)
                    ? next.path("config").path("keras_history")
                    : next;
            JsonNode inner = next;
            if (isReference(history)) {
                String layer = history.get(0).textValue();
                references.add(new Reference(
                        layer, history.get(1).intValue(), history.get(2).intValue()));
                // Keras 2 keeps the call's other arguments with its first tensor.
                inner = history.path(3);
                requireInference(inner, layer);
            }
            // Keras 3 also writes training=True with a call, as a default; predict() ignores it.
            List<JsonNode> parts = new ArrayList<>();
            inner.forEach(parts::add);
            for (int i = parts.size() - 1; i >= 0; i--) {
                rest.push(parts.get(i));
            }
        }
        return references;
    }

    private static void requireInference(JsonNode arguments, String on) {
        if (arguments.path("training").asBoolean()) {
            throw new UnsupportedModelException("a layer is called with training=True on the output of "
                    + Quoted.of(on)
                    + ", so that it acts as in training also at inference. Build the model without it.");
        }
    }

    private static boolean isReference(JsonNode json) {
        return json.isArray()
                && json.size() >= 3
                && json.get(0).isTextual()
                && !json.get(0).textValue().isEmpty()
                && !json.get(0).textValue().equals(CONSTANT)
                && json.get(1).isInt()
                && json.get(2).isInt();
    }

    private static ModelFileException damaged(String found) {
        return new ModelFileException(
                "the model configuration is damaged: " + found + ". Save the model again with model.save(...).");
    }
}
