package org.cam4j.keras.config;

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
import java.util.stream.Stream;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.keras.config.LayerNode.WeightsAddress;
import org.cam4j.keras.config.ModelTree.Call;
import org.cam4j.keras.config.ModelTree.Layer;
import org.cam4j.keras.config.ModelTree.Reference;

/**
 * Replaces calls of nested models by their layers, so that one flat graph remains. A model that is called twice occurs twice, with the same
 * weights.
 */
public final class ModelInlining {

    private final int mostNodes;
    private final List<LayerNode> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private ModelInlining(int mostNodes) {
        this.mostNodes = mostNodes;
    }

    /**
     * Returns the flat graph. Layers keep their names; a name that is taken gets a number.
     *
     * @param mostNodes most layer calls
     * @throws ModelFileException if layers refer to missing layers or form a circle, or if there are too many
     */
    public static LayerGraph of(ModelTree model, int mostNodes) {
        ModelInlining flattening = new ModelInlining(mostNodes);
        // The outermost layers' names come first: applications know these.
        model.layers().forEach(layer -> flattening.names.add(layer.name()));
        Level level = flattening.new Level(model, WeightsAddress.OUTERMOST, List.of());
        List<String> outputs = level.inlined();
        return new LayerGraph(flattening.nodes, level.inputs(), outputs);
    }

    private void add(LayerNode node) {
        if (nodes.size() == mostNodes) {
            throw damaged("with nested models inlined, it has more than the " + mostNodes + " layers that are read");
        }
        nodes.add(node);
    }

    /** Creates a free name from one that is taken. */
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

    /** One call of a layer in one model. Compared by identity, because a layer may be called twice on the same inputs. */
    private static final class Use {
        private final Layer layer;
        private final Call call;
        private final boolean first;

        private Use(Layer layer, Call call, boolean first) {
            this.layer = layer;
            this.call = call;
            this.first = first;
        }
    }

    /** One model, outermost or nested. */
    private final class Level {
        private final ModelTree model;
        private final WeightsAddress address;
        /** Nodes that feed the model's inputs; none for the outermost model. */
        private final List<String> fed;

        private final Map<String, List<Use>> uses = new LinkedHashMap<>();
        private final Map<String, Integer> firstCalls = new HashMap<>();
        private final Map<String, Integer> lastOutputs = new HashMap<>();
        private final Map<Use, List<String>> results = new HashMap<>();

        Level(ModelTree model, WeightsAddress address, List<String> fed) {
            this.model = model;
            this.address = address;
            this.fed = fed;
            for (Layer layer : model.layers()) {
                List<Use> own = new ArrayList<>();
                layer.calls().forEach(call -> own.add(new Use(layer, call, own.isEmpty())));
                uses.put(layer.name(), own);
            }
            Stream.concat(
                            model.layers().stream()
                                    .flatMap(layer -> layer.calls().stream())
                                    .flatMap(call -> call.inputs().stream()),
                            model.outputs().stream())
                    .forEach(reference -> {
                        firstCalls.merge(reference.layer(), reference.call(), Math::min);
                        lastOutputs.merge(reference.layer(), reference.output(), Math::max);
                    });
        }

        boolean isOutermost() {
            return address.layers().isEmpty();
        }

        /** Adds the model's nodes and returns the names of its outputs. */
        List<String> inlined() {
            for (Use use : sorted()) {
                results.put(use, added(use));
            }
            return model.outputs().stream()
                    .map(output -> result(output, "the model's output"))
                    .toList();
        }

        List<String> inputs() {
            return model.inputs().stream()
                    .map(input -> result(input, "the model's input"))
                    .toList();
        }

        private List<String> added(Use use) {
            Layer layer = use.layer;
            if (layer.config().className().equals(LayerConfig.INPUT) && !isOutermost()) {
                return List.of(fed(layer));
            }
            List<String> inputs = use.call.inputs().stream()
                    .map(reference -> result(reference, "layer " + Quoted.of(layer.name())))
                    .toList();
            WeightsAddress inside = address.inside(layer.name(), layer.stored());
            if (layer.nested().isPresent()) {
                ModelTree nested = layer.nested().get();
                if (inputs.size() != nested.inputs().size()) {
                    throw damaged("the nested model " + Quoted.of(layer.name()) + " has "
                            + nested.inputs().size() + " inputs and is called on " + inputs.size());
                }
                return new Level(nested, inside, inputs).inlined();
            }
            String name = use.first && isOutermost() ? layer.name() : unique(layer.name());
            add(new LayerNode(name, use.call.config(), inputs, inside));
            return OperationCall.isIn(use.call.config()) ? withOthers(name, use, inputs, inside) : List.of(name);
        }

        /** Adds a node for each result of a function with several, such as {@code split}. */
        private List<String> withOthers(String first, Use use, List<String> inputs, WeightsAddress inside) {
            List<String> all = new ArrayList<>(List.of(first));
            for (int output = 1; output <= lastOutputs.getOrDefault(use.layer.name(), 0); output++) {
                ObjectNode json = use.call.config().json().deepCopy().put(LayerConfig.OUTPUT, output);
                String name = unique(first);
                add(new LayerNode(
                        name,
                        new LayerConfig(use.layer.name(), use.call.config().className(), json),
                        inputs,
                        inside));
                all.add(name);
            }
            return all;
        }

        private String fed(Layer input) {
            for (int i = 0; i < fed.size(); i++) {
                if (model.inputs().get(i).layer().equals(input.name())) {
                    return fed.get(i);
                }
            }
            throw damaged("the input layer " + Quoted.of(input.name()) + " of the nested model "
                    + Quoted.of(address.layer()) + " is none of its inputs");
        }

        private String result(Reference reference, String by) {
            if (reference.equals(Reference.FED)) {
                return fed.get(0);
            }
            List<String> outputs = results.get(use(reference, by));
            if (reference.output() < 0 || reference.output() >= outputs.size()) {
                throw damaged(by + " refers to output " + reference.output() + " of the layer "
                        + Quoted.of(reference.layer()) + ", which has " + outputs.size());
            }
            return outputs.get(reference.output());
        }

        /**
         * Finds a call by its number. Calls are numbered from 0, or from 1 for a functional model, whose own graph is its call 0: the
         * smallest number in any reference is the first call. A layer with one call accepts any number, as Keras 3 mixes the two.
         */
        private Use use(Reference reference, String by) {
            List<Use> own = uses.get(reference.layer());
            if (own == null) {
                throw damaged(by + " refers to the layer " + Quoted.of(reference.layer()) + ", which is not there");
            }
            int call = own.size() == 1
                    ? 0
                    : Math.subtractExact(reference.call(), firstCalls.getOrDefault(reference.layer(), 0));
            if (call < 0 || call >= own.size()) {
                throw damaged(by + " refers to call " + reference.call() + " of the layer "
                        + Quoted.of(reference.layer()) + ", which has " + own.size());
            }
            return own.get(call);
        }

        /** Lists all uses in topological order (Kahn's algorithm); Keras' order is kept if it is topological. */
        private List<Use> sorted() {
            Map<Use, List<Use>> consumers = new HashMap<>();
            Map<Use, Integer> missing = new HashMap<>();
            Deque<Use> ready = new ArrayDeque<>();
            List<Use> all = uses.values().stream().flatMap(List::stream).toList();
            for (Use use : all) {
                int inputs = 0;
                for (Reference reference : use.call.inputs()) {
                    if (!reference.equals(Reference.FED)) {
                        Use source = use(reference, "layer " + Quoted.of(use.layer.name()));
                        consumers
                                .computeIfAbsent(source, key -> new ArrayList<>())
                                .add(use);
                        inputs++;
                    }
                }
                missing.put(use, inputs);
                if (inputs == 0) {
                    ready.add(use);
                }
            }
            List<Use> sorted = new ArrayList<>();
            while (!ready.isEmpty()) {
                Use use = ready.poll();
                sorted.add(use);
                for (Use consumer : consumers.getOrDefault(use, List.of())) {
                    if (missing.merge(consumer, -1, Integer::sum) == 0) {
                        ready.add(consumer);
                    }
                }
            }
            if (sorted.size() < all.size()) {
                Set<Use> done = new HashSet<>(sorted);
                throw damaged("its layers depend on each other in a circle: "
                        + all.stream()
                                .filter(use -> !done.contains(use))
                                .map(use -> Quoted.cut(use.layer.name()))
                                .limit(5)
                                .toList());
            }
            return sorted;
        }
    }
}
