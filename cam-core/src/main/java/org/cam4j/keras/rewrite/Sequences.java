package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.ClipKind;
import org.cam4j.keras.kind.LayerKinds;
import org.cam4j.keras.kind.ReshapeKind;
import org.cam4j.keras.kind.TrainingOnlyKind;

/**
 * Rewrites layers of sequences [t, c], such as maps reshaped to a sequence of cells, as equivalent layers of maps [t, 1, c]. Layers without
 * a known equivalent are refused.
 */
final class Sequences {

    /** Classes that work value by value, or along the last axis unless they name another axis. */
    private static final Set<String> ALIKE = Set.of(
            "Activation",
            "ReLU",
            "LeakyReLU",
            "ELU",
            "Dense",
            "BatchNormalization",
            "LayerNormalization",
            "UnitNormalization",
            "Rescaling",
            "Softmax",
            "Concatenate",
            "Add",
            "Subtract",
            "Multiply",
            "Average",
            "Maximum",
            "Minimum",
            "Flatten",
            ClipKind.CLASS_NAME);

    private static final String AXIS = "axis";

    private final GraphRewriting rewriting;
    private final Reductions reductions;

    Sequences(GraphRewriting rewriting, Reductions reductions) {
        this.rewriting = rewriting;
        this.reductions = reductions;
    }

    /** Adds a layer; rewrites it if it reads or returns sequences. */
    void add(LayerNode node) {
        Optional<List<Integer>> rows = node.className().equals("Reshape") ? target(node) : Optional.empty();
        long sequences = node.inputs().stream().filter(rewriting::isSequence).count();
        if (rows.isPresent()) {
            addRow(node, rows.get());
        } else if (sequences == 0 || node.className().equals("Reshape")) {
            rewriting.add(node);
        } else if (sequences < node.inputs().size()) {
            refuse(node);
        } else {
            addBehindSequence(node);
        }
    }

    private void refuse(LayerNode node) {
        List<TensorShape> shapes = new ArrayList<>();
        node.inputs().forEach(input -> rewriting.ofKeras(input).ifPresent(shapes::add));
        rewriting.add(
                node, node.inputs(), List.of(WrittenLayer.refused(node, "a layer that is not read of " + shapes)));
    }

    /** Returns the two sizes of a reshape to a sequence. */
    private static Optional<List<Integer>> target(LayerNode node) {
        JsonNode sizes = node.config().get(ReshapeKind.TARGET);
        return sizes.isArray()
                        && sizes.size() == 2
                        && sizes.get(0).isInt()
                        && sizes.get(1).isInt()
                ? Optional.of(List.of(sizes.get(0).intValue(), sizes.get(1).intValue()))
                : Optional.empty();
    }

    private void addRow(LayerNode node, List<Integer> target) {
        Optional<TensorShape> input = rewriting.ofKeras(node, 0);
        if (input.isEmpty()) {
            rewriting.add(node);
            return;
        }
        int length = target.get(0);
        int channels = target.get(1);
        if (input.get().isKnown() && (length == TensorShape.UNKNOWN) != (channels == TensorShape.UNKNOWN)) {
            int known = Math.max(length, channels);
            int open = known < 1 ? 0 : Math.toIntExact(input.get().elements() / known);
            length = length == TensorShape.UNKNOWN ? open : length;
            channels = channels == TensorShape.UNKNOWN ? open : channels;
        }
        if (length == 0 || channels < 1) {
            rewriting.add(node);
            return;
        }
        boolean isRowOfCells = input.get().isMap()
                && input.get().channels() == channels
                && (length == TensorShape.UNKNOWN
                        || length == (long) input.get().height() * input.get().width());
        rewriting.add(
                node,
                node.inputs(),
                List.of(new WrittenLayer("Reshape").with(ReshapeKind.TARGET, length, 1, channels)),
                TensorShape.of(length, channels));
        if (isRowOfCells) {
            reductions.putInARow(node.name(), node.inputs().get(0));
        }
    }

    private void addBehindSequence(LayerNode node) {
        LayerConfig config = node.config();
        String className = node.className();
        TensorShape sequence = rewriting.ofKeras(node, 0).orElseThrow();
        if (className.equals("GlobalAveragePooling1D") || className.equals("GlobalMaxPooling1D")) {
            addPooling(node, sequence);
        } else if (className.equals("Permute")) {
            addPermuted(node, sequence);
        } else if (config.supplied().isEmpty() && (ALIKE.contains(className) || isIdle(node))) {
            addAlike(node);
        } else {
            refuse(node);
        }
    }

    private void addPooling(LayerNode node, TensorShape sequence) {
        boolean largest = node.className().equals("GlobalMaxPooling1D");
        reductions.add(
                node,
                largest ? Reductions.Kind.MAXIMUM : Reductions.Kind.MEAN,
                sequence,
                Set.of(node.config().text("data_format", "channels_last").equals("channels_last") ? 1 : 2),
                node.config().flag("keepdims", false));
    }

    private void addPermuted(LayerNode node, TensorShape sequence) {
        List<Integer> order = node.config().shape("dims").sizes();
        if (order.equals(List.of(2, 1))) {
            rewriting.add(
                    node,
                    node.inputs(),
                    List.of(new WrittenLayer("Permute").with("dims", 3, 2, 1)),
                    TensorShape.of(sequence.channels(), sequence.height()));
        } else if (order.equals(List.of(1, 2))) {
            rewriting.add(node, node.inputs(), List.of(WrittenLayer.idle()), sequence);
        } else {
            throw node.config().wrong("dims", "1 and 2 in some order");
        }
    }

    /** Whether a layer does nothing at inference. */
    private boolean isIdle(LayerNode node) {
        Optional<TensorShape> built = rewriting.built(node.inputs().get(0));
        return LayerKinds.of(node)
                .filter(kind -> kind instanceof TrainingOnlyKind && kind.isIdle(node.config(), built.orElseThrow()))
                .isPresent();
    }

    private void addAlike(LayerNode node) {
        LayerNode written = node;
        if (node.config().has(AXIS)) {
            int axis = node.config().axis(AXIS, 2, -1);
            ObjectNode json = node.config().json().deepCopy();
            json.put(AXIS, axis == 1 ? -1 : 1);
            written = node.withConfig(new LayerConfig(node.config().layer(), node.className(), json));
        }
        rewriting.add(written);
        rewriting
                .built(written.name())
                .filter(TensorShape::isMap)
                .ifPresent(shape -> rewriting.isOfKeras(node.name(), TensorShape.of(shape.height(), shape.channels())));
    }
}
