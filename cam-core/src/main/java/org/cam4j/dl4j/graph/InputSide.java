package org.cam4j.dl4j.graph;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.util.ConvolutionUtils;

/**
 * How a graph takes its images, found from the layers nearest to the input: a DL4J configuration does not store its input type.
 *
 * @param format the layout of a batch
 * @param channels channels of an image
 */
record InputSide(CNN2DFormat format, int channels) {

    static InputSide find(ComputationGraphConfiguration configuration, String input, OptionalInt channels) {
        CNN2DFormat otherwise = ofPoolings(configuration);
        CNN2DFormat format = null;
        // A vertex's channels as a multiple of the image's; 0 if unknown.
        Map<String, Integer> copies = new HashMap<>();
        copies.put(input, 1);
        Deque<String> open = new ArrayDeque<>();
        open.add(input);
        Map<String, Set<String>> readers = readers(configuration);
        while (!open.isEmpty()) {
            String name = open.remove();
            for (String reader : readers.getOrDefault(name, Set.of())) {
                GraphVertex vertex = configuration.getVertices().get(reader);
                List<String> inputs = configuration.getVertexInputs().get(reader);
                if (copies.containsKey(reader)
                        || (vertex instanceof MergeVertex && !copies.keySet().containsAll(inputs))) {
                    continue; // A vertex with several inputs is visited after the last of them.
                }
                requireImages(vertex, input, reader);
                Layer layer = Vertices.layer(vertex);
                format = format == null ? format(layer) : format;
                if (format != null && channels.isPresent()) {
                    return new InputSide(format, channels.getAsInt());
                }
                int read = copies.get(name);
                OptionalInt found = channels(layer, read);
                if (found.isPresent()) {
                    return new InputSide(format == null ? otherwise : format, found.getAsInt());
                }
                copies.put(reader, copies(vertex, inputs, read, copies));
                open.add(reader);
            }
        }
        if (channels.isPresent()) {
            return new InputSide(format == null ? otherwise : format, channels.getAsInt());
        }
        throw new UnsupportedModelException(
                "no layer with weights reads the input '" + input + "': expected a convolution.");
    }

    private static void requireImages(GraphVertex vertex, String input, String reader) {
        if (vertex instanceof LayerVertex folding
                && folding.getPreProcessor() instanceof FeedForwardToCnnPreProcessor) {
            throw new UnsupportedModelException("the input '" + input
                    + "' takes images as flat vectors, which layer '" + reader
                    + "' folds back: build the graph with InputType.convolutional(height, width, channels).");
        }
    }

    /** Returns the image's channels by the weights of a layer that reads them {@code read} times; empty if they do not tell. */
    private static OptionalInt channels(Layer layer, int read) {
        return layer instanceof FeedForwardLayer weighted
                        && weighted.getNIn() > 0
                        && read > 0
                        && weighted.getNIn() % read == 0
                ? OptionalInt.of(Math.toIntExact(weighted.getNIn() / read))
                : OptionalInt.empty();
    }

    /** Finds the layout from the poolings, for a graph whose first layers fit both layouts. */
    private static CNN2DFormat ofPoolings(ComputationGraphConfiguration configuration) {
        boolean channelsLast = configuration.getVertices().values().stream()
                .map(Vertices::layer)
                .anyMatch(layer -> layer instanceof GlobalPoolingLayer pooling
                        && Arrays.equals(pooling.getPoolingDimensions(), new int[] {1, 2}));
        return channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
    }

    /** Returns the readers of each vertex, in the configuration's order. */
    private static Map<String, Set<String>> readers(ComputationGraphConfiguration configuration) {
        Map<String, Set<String>> readers = new HashMap<>();
        configuration
                .getVertexInputs()
                .forEach((reader, inputs) ->
                        inputs.forEach(input -> readers.computeIfAbsent(input, key -> new LinkedHashSet<>())
                                .add(reader)));
        return readers;
    }

    /** Returns the multiple of the image's channels: a grey image concatenated three times gives 3. */
    private static int copies(GraphVertex vertex, List<String> inputs, int read, Map<String, Integer> copies) {
        if (vertex instanceof MergeVertex) {
            List<Integer> joined = inputs.stream().map(copies::get).toList();
            return joined.contains(0)
                    ? 0
                    : joined.stream().mapToInt(Integer::intValue).sum();
        }
        boolean isTold = !(Vertices.layer(vertex) instanceof FeedForwardLayer
                || vertex instanceof ReshapeVertex
                || vertex instanceof PreprocessorVertex
                || (vertex instanceof PlannedVertex planned && !planned.keepsChannels()));
        return isTold ? read : 0;
    }

    private static CNN2DFormat format(Layer layer) {
        if (layer instanceof BatchNormalization normalization) {
            return normalization.getCnn2DFormat();
        }
        // DL4J's own layerHasConvolutionLayout omits the plain convolution and the pooling.
        boolean hasFormat = layer instanceof ConvolutionLayer
                || layer instanceof SubsamplingLayer
                || (layer != null && ConvolutionUtils.layerHasConvolutionLayout(layer));
        return hasFormat ? ConvolutionUtils.getFormatForLayer(layer) : null;
    }
}
