package org.cam4j.keras.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.LayerKinds;

/**
 * A graph while layers take the place of functions and of sequences: the nodes so far, and the shapes of what they make, as Keras has
 * them and as they are built.
 *
 * <p>They differ for sequences [t, c], which are built as maps [t, 1, c], in the same order. A shape is unknown behind what is not read,
 * and everywhere in models with channels first.
 */
final class GraphRewriting {

    private final List<LayerNode> nodes = new ArrayList<>();
    private final Map<String, LayerNode> byName = new HashMap<>();
    private final Map<String, TensorShape> built = new HashMap<>();
    private final Map<String, TensorShape> ofKeras = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final boolean isShaped;

    GraphRewriting(LayerGraph graph) {
        graph.nodes().forEach(node -> names.add(node.name()));
        this.isShaped = graph.nodes().stream()
                .noneMatch(node -> node.config().text("data_format", "").equals("channels_first"));
    }

    List<LayerNode> nodes() {
        return nodes;
    }

    LayerNode node(String name) {
        return byName.get(name);
    }

    /** The shape that Keras has: [h, w, c], [t, c] or [c]. */
    Optional<TensorShape> ofKeras(String node) {
        return Optional.ofNullable(ofKeras.get(node));
    }

    Optional<TensorShape> ofKeras(LayerNode node, int input) {
        return input < node.inputs().size() ? ofKeras(node.inputs().get(input)) : Optional.empty();
    }

    /** The shape that is built: [h, w, c] or [c]. */
    Optional<TensorShape> built(String node) {
        return Optional.ofNullable(built.get(node));
    }

    boolean isSequence(String node) {
        return ofKeras(node).filter(shape -> shape.rank() == 2).isPresent();
    }

    /** How a shape of Keras is built. */
    static TensorShape asBuilt(TensorShape ofKeras) {
        return ofKeras.rank() == 2 ? TensorShape.of(ofKeras.height(), 1, ofKeras.channels()) : ofKeras;
    }

    /** Adds a node that is the same for Keras. */
    void add(LayerNode node) {
        nodes.add(node);
        byName.put(node.name(), node);
        shape(node).ifPresent(shape -> {
            built.put(node.name(), shape);
            ofKeras.put(node.name(), shape);
        });
    }

    /** Adds layers one behind the other, the last under the node's name. */
    void add(LayerNode node, List<String> inputs, List<WrittenLayer> chain) {
        List<String> read = inputs;
        for (int i = 0; i < chain.size(); i++) {
            boolean last = i == chain.size() - 1;
            LayerNode written = chain.get(i).of(node).withInputs(read);
            LayerNode named = last
                    ? written
                    : new LayerNode(unique(node.name()), written.config(), written.inputs(), written.weights());
            add(named);
            read = List.of(named.name());
        }
    }

    /** Adds layers whose last result is a sequence, or anything else, to Keras. */
    void add(LayerNode node, List<String> inputs, List<WrittenLayer> chain, TensorShape shapeOfKeras) {
        add(node, inputs, chain);
        ofKeras.put(node.name(), shapeOfKeras);
    }

    /** Notes what a value is to Keras. */
    void isOfKeras(String node, TensorShape shape) {
        ofKeras.put(node, shape);
    }

    private String unique(String name) {
        String unique = name;
        for (int i = 1; !names.add(unique); i++) {
            unique = name + "_part" + i;
        }
        return unique;
    }

    private Optional<TensorShape> shape(LayerNode node) {
        if (!isShaped || !built.keySet().containsAll(node.inputs())) {
            return Optional.empty();
        }
        List<TensorShape> inputs = node.inputs().stream().map(built::get).toList();
        return LayerKinds.of(node)
                .filter(kind -> kind.objection(node.config()).isEmpty()
                        && kind.accepts(node.inputs().size())
                        && kind.objection(node.config(), inputs).isEmpty())
                .map(kind -> kind.output(node.config(), inputs));
    }
}
