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
 * A graph under construction while functions and sequences are rewritten as layers: the nodes so far, and the shapes of their outputs, as
 * in Keras and as built.
 *
 * <p>The two shapes differ for sequences [t, c], which are built as maps [t, 1, c] in the same order. Shapes are unknown behind layers that
 * are not supported, and everywhere in models with channels first.
 */
final class GraphRewriting {

    private final List<LayerNode> nodes = new ArrayList<>();
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

    /** Returns the shape in Keras: [h, w, c], [t, c] or [c]. */
    Optional<TensorShape> ofKeras(String node) {
        return Optional.ofNullable(ofKeras.get(node));
    }

    Optional<TensorShape> ofKeras(LayerNode node, int input) {
        return input < node.inputs().size() ? ofKeras(node.inputs().get(input)) : Optional.empty();
    }

    /** Returns the shape as built: [h, w, c] or [c]. */
    Optional<TensorShape> built(String node) {
        return Optional.ofNullable(built.get(node));
    }

    boolean isSequence(String node) {
        return ofKeras(node).filter(shape -> shape.rank() == 2).isPresent();
    }

    /** Converts a shape in Keras to the shape as built. */
    static TensorShape asBuilt(TensorShape ofKeras) {
        return ofKeras.rank() == 2 ? TensorShape.of(ofKeras.height(), 1, ofKeras.channels()) : ofKeras;
    }

    /** Adds a node whose built shape is also its shape in Keras. */
    void add(LayerNode node) {
        nodes.add(node);
        shape(node).ifPresent(shape -> {
            built.put(node.name(), shape);
            ofKeras.put(node.name(), shape);
        });
    }

    /** Adds a chain of layers, the last under the node's name. */
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

    /** Adds a chain of layers whose last output has the given shape in Keras, for example that of a sequence. */
    void add(LayerNode node, List<String> inputs, List<WrittenLayer> chain, TensorShape shapeOfKeras) {
        add(node, inputs, chain);
        ofKeras.put(node.name(), shapeOfKeras);
    }

    /** Records a value's shape in Keras. */
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
