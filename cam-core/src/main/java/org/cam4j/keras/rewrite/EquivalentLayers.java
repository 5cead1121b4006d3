package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.StoredTensor;
import org.cam4j.keras.hdf5.TensorShape;

/**
 * Rewrites layers as equivalent layers: a dense layer on a map becomes a 1x1 convolution, and a convolution with a group for each
 * channel becomes a depthwise convolution.
 */
public final class EquivalentLayers {

    /** Weight of {@code Normalization}: the number of values that it was adapted to, not used at inference. */
    static final String COUNT = "count";

    private static final String KERNEL = "kernel";
    private static final String DEPTHWISE_KERNEL = "depthwise_kernel";

    private final CheckedModel network;
    private final Map<String, Map<String, StoredTensor>> weights;

    private EquivalentLayers(CheckedModel network) {
        this.network = network;
        this.weights = new HashMap<>(network.weights());
    }

    public static CheckedModel rewritten(CheckedModel network) {
        EquivalentLayers rewriting = new EquivalentLayers(network);
        LayerGraph graph = network.graph();
        List<LayerNode> nodes = graph.nodes().stream().map(rewriting::rewritten).toList();
        return new CheckedModel(
                new LayerGraph(nodes, graph.inputs(), graph.outputs()), network.shapes(), rewriting.weights);
    }

    private LayerNode rewritten(LayerNode node) {
        return switch (node.className()) {
            case "Dense" -> network.inputShapes(node).get(0).isMap() ? pointwise(node) : node;
            case "Conv2D" -> {
                int channels = network.inputShapes(node).get(0).channels();
                int groups = node.config().count("groups", 1);
                yield groups > 1 && groups == channels ? depthwise(node, channels) : node;
            }
            case "Normalization" -> {
                weights.computeIfPresent(node.name(), (name, all) -> withoutCount(all));
                yield node;
            }
            default -> node;
        };
    }

    /** Reshapes the dense kernel [in, out] to the convolution's [1, 1, in, out]. */
    private LayerNode pointwise(LayerNode node) {
        int units = node.config().count("units");
        int channels = network.inputShapes(node).get(0).channels();
        replaceKernel(node, KERNEL, kernel -> kernel.reshaped(TensorShape.of(1, 1, channels, units)));
        ObjectNode json = node.config().json().deepCopy();
        json.put("filters", units).put("kernel_size", 1).put("strides", 1);
        return renamed(node, "Conv2D", json);
    }

    /** Reshapes the kernel [kh, kw, 1, in · multiplier] to the depthwise [kh, kw, in, multiplier]. */
    private LayerNode depthwise(LayerNode node, int channels) {
        int multiplier = node.config().count("filters") / channels;
        replaceKernel(node, DEPTHWISE_KERNEL, kernel -> {
            List<Integer> sizes = kernel.shape().sizes();
            return kernel.reshaped(TensorShape.of(sizes.get(0), sizes.get(1), channels, multiplier));
        });
        ObjectNode json = node.config().json().deepCopy();
        json.put("depth_multiplier", multiplier).remove("groups");
        return renamed(node, "DepthwiseConv2D", json);
    }

    private static Map<String, StoredTensor> withoutCount(Map<String, StoredTensor> all) {
        Map<String, StoredTensor> others = new LinkedHashMap<>(all);
        others.remove(COUNT);
        return others;
    }

    private void replaceKernel(LayerNode node, String name, UnaryOperator<StoredTensor> change) {
        Map<String, StoredTensor> changed = new LinkedHashMap<>(weights.get(node.name()));
        changed.put(name, change.apply(changed.remove(KERNEL)));
        weights.put(node.name(), changed);
    }

    private static LayerNode renamed(LayerNode node, String className, ObjectNode json) {
        return node.withConfig(new LayerConfig(node.config().layer(), className, json));
    }
}
