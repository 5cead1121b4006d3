package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.Refusals;
import org.cam4j.keras.hdf5.StoredTensor;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.kind.ChannelSliceKind;
import org.cam4j.keras.kind.ClipKind;
import org.cam4j.keras.kind.QuotientKind;
import org.cam4j.keras.kind.SlidingWindow;

/**
 * Rewrites pooled maps [1, 1, c] as vectors [c], so that all heads have one form: 1x1 convolutions become dense layers, and flattening is
 * dropped.
 *
 * <p>Applies to {@code keepdims=True} (MobileNet) and {@code Reshape((1, 1, c))} after pooling (squeeze-and-excite).
 */
public final class PooledPoints {

    private static final Set<String> POOLING = Set.of("GlobalAveragePooling2D", "GlobalMaxPooling2D");
    private static final Set<String> REARRANGING = Set.of("Flatten", "Reshape");
    private static final Set<String> VALUE_BY_VALUE = Set.of(
            "Activation", "ReLU", "LeakyReLU", "ELU", "Average", ClipKind.CLASS_NAME, ChannelSliceKind.CLASS_NAME);

    /** Classes that may also combine a pooled vector with a map, as the gates of squeeze-and-excite do. */
    private static final Set<String> BROADCASTING =
            Set.of("Add", "Subtract", "Multiply", QuotientKind.CLASS_NAME, "Maximum", "Minimum");

    private static final Set<String> ALONG_CHANNELS = Set.of(
            "BatchNormalization",
            "LayerNormalization",
            "UnitNormalization",
            "LayerScale",
            "Normalization",
            "Rescaling",
            "Softmax",
            "Concatenate");

    private final CheckedModel network;
    private final Map<String, TensorShape> shapes;
    private final Map<String, Map<String, StoredTensor>> weights;
    private final Set<String> points = new HashSet<>();
    private final Refusals refusals = new Refusals();

    private PooledPoints(CheckedModel network) {
        this.network = network;
        this.shapes = new HashMap<>(network.shapes());
        this.weights = new HashMap<>(network.weights());
    }

    /**
     * Returns the same network with pooled maps as vectors.
     *
     * @throws org.cam4j.exception.UnsupportedModelException if a layer that needs a map reads a pooled map
     */
    public static CheckedModel asVectors(CheckedModel network) {
        return new PooledPoints(network).rewritten();
    }

    private CheckedModel rewritten() {
        List<LayerNode> nodes =
                network.graph().nodes().stream().map(this::rewritten).toList();
        refusals.throwIfAny();
        LayerGraph graph = network.graph();
        return new CheckedModel(new LayerGraph(nodes, graph.inputs(), graph.outputs()), shapes, weights);
    }

    private LayerNode rewritten(LayerNode node) {
        TensorShape output = shapes.get(node.name());
        long pooled = node.inputs().stream().filter(points::contains).count();
        if (pooled > 0) {
            if (pooled < node.inputs().size()) {
                return BROADCASTING.contains(node.className()) ? node : refused(node);
            }
            return behindPoint(node, output);
        }
        if (output.isPoint() && POOLING.contains(node.className())) {
            return vector(
                    node, node.className(), node.config().json().deepCopy().put("keepdims", false));
        }
        if (output.isPoint()
                && node.className().equals("Reshape")
                && network.inputShapes(node).get(0).isVector()) {
            return idle(node);
        }
        return node;
    }

    private LayerNode behindPoint(LayerNode node, TensorShape output) {
        ObjectNode json = node.config().json().deepCopy();
        if (REARRANGING.contains(node.className())) {
            return output.isPoint() || output.isVector() ? idle(node) : node;
        }
        if (VALUE_BY_VALUE.contains(node.className()) || BROADCASTING.contains(node.className())) {
            return vector(node, node.className(), json);
        }
        if (ALONG_CHANNELS.contains(node.className())) {
            return vector(node, node.className(), json.put("axis", -1));
        }
        if (node.className().equals("Conv2D")
                && SlidingWindow.of(node.config(), "kernel_size", true).isPoint()) {
            return dense(node, json.put("units", output.channels()));
        }
        return refused(node);
    }

    /** Converts a 1x1 convolution of one cell to a dense layer: kernel [1, 1, in, out] to [in, out]. */
    private LayerNode dense(LayerNode node, ObjectNode json) {
        Map<String, StoredTensor> dense = new LinkedHashMap<>(weights.get(node.name()));
        dense.computeIfPresent("kernel", (name, kernel) -> {
            List<Integer> sizes = kernel.shape().sizes();
            return kernel.reshaped(new TensorShape(sizes.subList(2, sizes.size())));
        });
        weights.put(node.name(), dense);
        return vector(node, "Dense", json);
    }

    /** Replaces a rearrangement of a vector by {@code Flatten}, which is idle on vectors. */
    private LayerNode idle(LayerNode node) {
        return vector(node, "Flatten", JsonNodeFactory.instance.objectNode());
    }

    private LayerNode vector(LayerNode node, String className, ObjectNode json) {
        TensorShape output = shapes.get(node.name());
        if (output.isPoint()) {
            points.add(node.name());
            shapes.put(node.name(), TensorShape.of(output.channels()));
        }
        return node.withConfig(new LayerConfig(node.config().layer(), className, json));
    }

    private LayerNode refused(LayerNode node) {
        refusals.add(node, "a pooled map among its inputs " + network.inputShapes(node));
        return node;
    }
}
