package org.cam4j.keras.rewrite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cam4j.keras.config.ChannelsFirst;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.config.Refusals;
import org.cam4j.keras.kind.ChannelOrderKind;

/**
 * Rewrites a {@code channels_first} model to the {@code channels_last} model with the same weights: it then takes images
 * [n, h, w, c] instead of [n, c, h, w].
 *
 * <p>Keras stores kernels in one order for both formats. Layers whose weights or results depend on the order of a whole map's values
 * are refused.
 */
public final class ChannelsLast {

    private static final String FORMAT = "data_format";
    private static final String AXIS = "axis";
    private static final String FIRST = "channels_first";
    private static final Set<String> BY_AXIS =
            Set.of("BatchNormalization", "LayerNormalization", "UnitNormalization", "Normalization", "Concatenate");
    private static final Set<String> BY_ORDER = Set.of("Reshape", "Permute", "PReLU", "Softmax", "LayerScale");

    /** Classes whose result depends on the format; it defaults to channels last. */
    private static final Set<String> BY_FORMAT = Set.of(
            "CenterCrop", "Resizing", "GlobalAveragePooling2D", "GlobalMaxPooling2D", ChannelOrderKind.CLASS_NAME);

    private ChannelsLast() {}

    public static LayerGraph rewritten(LayerGraph graph) {
        if (graph.nodes().stream().noneMatch(ChannelsLast::isChannelsFirst)) {
            return graph;
        }
        Refusals refusals = new Refusals();
        List<LayerNode> nodes = graph.nodes().stream()
                .map(node -> {
                    objection(node).ifPresent(reason -> refusals.add(node, reason));
                    return node.withConfig(rewritten(node.config()));
                })
                .toList();
        refusals.throwIfAny();
        return new LayerGraph(nodes, graph.inputs(), graph.outputs());
    }

    private static boolean isChannelsFirst(LayerNode node) {
        return node.config().text(FORMAT, "").equals(FIRST);
    }

    private static Optional<String> objection(LayerNode node) {
        if (BY_ORDER.contains(node.className())
                || (BY_FORMAT.contains(node.className()) && !node.config().has(FORMAT))) {
            return Optional.of("in a model with channels first");
        }
        return node.config().has(FORMAT) && !isChannelsFirst(node)
                ? Optional.of("channels last among layers with channels first")
                : Optional.empty();
    }

    private static LayerConfig rewritten(LayerConfig config) {
        ObjectNode json = config.json().deepCopy();
        if (json.has(FORMAT)) {
            json.put(FORMAT, "channels_last");
        }
        if (BY_AXIS.contains(config.className())) {
            rewriteAxis(json);
        }
        json.put(ChannelsFirst.REWRITTEN, true);
        JsonNode shape = json.path(LayerConfig.INPUT_SHAPE);
        if (shape instanceof ArrayNode sizes && sizes.size() == 4) {
            sizes.add(sizes.remove(1));
        }
        return new LayerConfig(config.layer(), config.className(), json);
    }

    /** Whether a {@code Normalization} has one mean for all values. */
    private static boolean isNone(JsonNode axis) {
        return axis.isNull() || (axis.isArray() && axis.isEmpty());
    }

    /** Converts axis 1, the channels of maps and the only axis of vectors, to -1. Other axes become 1, which still does not fit. */
    private static void rewriteAxis(ObjectNode json) {
        JsonNode axis = json.path(AXIS);
        if (isNone(axis)) {
            return;
        }
        JsonNode single = axis.isArray() && axis.size() == 1 ? axis.get(0) : axis;
        json.put(AXIS, single.asInt() == 1 ? -1 : 1);
    }
}
