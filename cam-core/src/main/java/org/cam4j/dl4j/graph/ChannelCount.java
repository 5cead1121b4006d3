package org.cam4j.dl4j.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * How many feature maps a vertex gives, read off the layers that lead to it: a DL4J configuration does not keep its shapes.
 *
 * <p>Exact where the file told it. Otherwise a guess where vertices change the number of channels by the size of the map: who uses it must notice that it does not fit.
 */
final class ChannelCount {

    /** Rows and columns of a map whose size is not known. */
    private static final int ANY = 32;

    private final ComputationGraphConfiguration configuration;
    private final CNN2DFormat format;
    private final Map<String, OptionalInt> known = new HashMap<>();

    ChannelCount(ComputationGraphConfiguration configuration, CNN2DFormat format, KnownLayers layers) {
        this.configuration = configuration;
        this.format = format;
        configuration.getNetworkInputs().forEach(input -> known.put(input, layers.imageChannels()));
        layers.channels().forEach((name, channels) -> known.put(name, OptionalInt.of(channels)));
    }

    /** The channels of a vertex's maps; empty where nothing before it tells. */
    OptionalInt of(String name) {
        String current = name;
        while (true) {
            OptionalInt own = known.containsKey(current) ? known.get(current) : own(current);
            if (own.isPresent() || !passesOn(current)) {
                known.put(name, own);
                return own;
            }
            current = inputs(current).get(0);
        }
    }

    /** What the vertex itself tells. */
    private OptionalInt own(String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        Layer layer = Vertices.layer(vertex);
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            return OptionalInt.of(Math.toIntExact(depthwise.getNIn() * depthwise.getDepthMultiplier()));
        }
        if (layer instanceof FeedForwardLayer weighted && weighted.getNOut() > 0) {
            return OptionalInt.of(Math.toIntExact(weighted.getNOut()));
        }
        if (vertex instanceof MergeVertex) {
            int sum = 0;
            for (String input : inputs(name)) {
                OptionalInt part = of(input);
                if (part.isEmpty()) {
                    return part;
                }
                sum += part.getAsInt();
            }
            return OptionalInt.of(sum);
        }
        return vertex == null || passesOn(name) ? OptionalInt.empty() : asked(vertex, inputs(name));
    }

    /** Whether a vertex gives as many channels as its first input has. */
    private boolean passesOn(String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        return Vertices.layer(vertex) != null
                || vertex instanceof ElementWiseVertex
                || vertex instanceof ScaleVertex
                || vertex instanceof ShiftVertex;
    }

    /** What a vertex of one's own says of maps of some size. */
    private OptionalInt asked(GraphVertex vertex, List<String> inputs) {
        InputType[] types = new InputType[inputs.size()];
        for (int i = 0; i < types.length; i++) {
            OptionalInt channels = of(inputs.get(i));
            if (channels.isEmpty()) {
                return channels;
            }
            types[i] = InputType.convolutional(ANY, ANY, channels.getAsInt(), format);
        }
        try {
            return vertex.getOutputType(0, types) instanceof InputType.InputTypeConvolutional map
                    ? OptionalInt.of(Math.toIntExact(map.getChannels()))
                    : OptionalInt.empty();
        } catch (RuntimeException e) {
            // It depends on the size, or is the application's and does not say.
            return OptionalInt.empty();
        }
    }

    private List<String> inputs(String name) {
        return configuration.getVertexInputs().getOrDefault(name, List.of());
    }
}
