package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.OperationCall;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.ChannelOrderKind;

/**
 * Rewrites functions that Keras turned into layers ({@code TFOpLambda}, {@code SlicingOpLambda}, {@code keras.ops}) as equivalent
 * layers: {@code x / 127.5} becomes a {@code Rescaling}, {@code mean} over rows and columns a {@code GlobalAveragePooling2D}. Functions
 * without such a layer stay and are refused by name.
 */
public final class Operations {

    private static final Set<String> SPLITTING = Set.of("split", "ops.Split", "ops.ArraySplit");
    private static final Set<String> UNSTACKING = Set.of("unstack", "ops.Unstack");
    private static final Set<String> EXPANDING = Set.of("expand_dims", "ops.ExpandDims");
    private static final Set<String> PADDING = Set.of("pad", "compat.v1.pad", "ops.Pad");

    private final Map<String, LayerNode> before = new HashMap<>();
    private final GraphRewriting rewriting;
    private final Reductions reductions;
    private final Sequences sequences;
    private final Slicing slicing;

    private Operations(LayerGraph graph) {
        rewriting = new GraphRewriting(graph);
        reductions = new Reductions(rewriting);
        sequences = new Sequences(rewriting, reductions);
        slicing = new Slicing(rewriting);
    }

    /** Returns the graph with layers instead of functions, as far as such layers exist. */
    public static LayerGraph asLayers(LayerGraph graph) {
        Operations operations = new Operations(graph);
        for (LayerNode node : graph.nodes()) {
            operations.before.put(node.name(), node);
            if (OperationCall.isIn(node.config())) {
                operations.add(node, OperationCall.of(node.config()));
            } else {
                operations.sequences.add(node);
            }
        }
        // Drops pieces that were only cut out to be concatenated again: no node reads them any more.
        return new LayerGraph(operations.rewriting.nodes(), graph.inputs(), graph.outputs())
                .withOutputs(graph.outputs());
    }

    private static boolean isSlice(LayerNode node) {
        return OperationCall.isIn(node.config())
                && FunctionLayers.SLICING.contains(
                        OperationCall.of(node.config()).function());
    }

    private void add(LayerNode node, OperationCall call) {
        Optional<TensorShape> shape = rewriting.ofKeras(node, 0);
        Optional<LayerNode> stacked = stackedChannels(node, call);
        int part = node.config().get(LayerConfig.OUTPUT).asInt(0);
        if (part > 0 && !SPLITTING.contains(call.function()) && !UNSTACKING.contains(call.function())) {
            sequences.add(unread(node, call));
        } else if (stacked.isPresent()) {
            sequences.add(stacked.get());
        } else if (shape.isEmpty() || node.inputs().size() > 1 || !addOfShape(node, call, shape.get(), part)) {
            sequences.add(FunctionLayers.of(call).map(layer -> layer.of(node)).orElseGet(() -> unread(node, call)));
        }
    }

    private static LayerNode unread(LayerNode node, OperationCall call) {
        return new WrittenLayer(
                        node.className().startsWith("ops.") ? node.className() : "function " + call.function(),
                        node.config().json())
                .of(node);
    }

    /** Adds the layers of a function that depends on the input's size; returns false for other functions. */
    private boolean addOfShape(LayerNode node, OperationCall call, TensorShape shape, int part) {
        String function = call.function();
        Optional<Reductions.Kind> reduction = Reductions.kind(function);
        if (reduction.isPresent()) {
            reductions.add(node, call, reduction.get(), shape);
        } else if (SPLITTING.contains(function)) {
            slicing.addSplit(node, call, shape, part);
        } else if (UNSTACKING.contains(function)) {
            slicing.addUnstacked(node, call, shape, part);
        } else if (FunctionLayers.SLICING.contains(function) && !FunctionLayers.isReversal(call)) {
            slicing.addItem(node, call, shape);
        } else if (function.equals("slice")) {
            slicing.addSlice(node, call, shape);
        } else if (EXPANDING.contains(function)) {
            slicing.addExpanded(node, call, shape);
        } else if (FunctionLayers.SQUEEZING.contains(function)) {
            slicing.addSqueezed(node, call, shape);
        } else if (PADDING.contains(function)) {
            rewriting.add(node, node.inputs(), List.of(PaddingFunctions.layer(node, call, shape)));
        } else {
            return false;
        }
        return true;
    }

    /** Detects {@code stack([x[..., 2], x[..., 1], x[..., 0]], axis=-1)}, as Keras 3 reverses channels. */
    private Optional<LayerNode> stackedChannels(LayerNode node, OperationCall call) {
        if (!call.function().equals("ops.Stack")
                || call.constant(call.arguments().size(), "axis").asInt(0) != -1) {
            return Optional.empty();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var order = json.putArray(ChannelOrderKind.ORDER);
        Set<List<String>> sources = new HashSet<>();
        for (String input : node.inputs()) {
            LayerNode slice = before.get(input);
            if (!isSlice(slice)) {
                return Optional.empty();
            }
            JsonNode spec = OperationCall.of(slice.config()).constant(1, "slice_spec");
            if (spec.size() != 2
                    || !FunctionLayers.isEllipsis(spec.get(0))
                    || !spec.get(1).isInt()) {
                return Optional.empty();
            }
            order.add(spec.get(1).intValue());
            sources.add(slice.inputs());
        }
        return sources.size() == 1
                ? Optional.of(new WrittenLayer(ChannelOrderKind.CLASS_NAME, json)
                        .of(node)
                        .withInputs(sources.iterator().next()))
                : Optional.empty();
    }
}
