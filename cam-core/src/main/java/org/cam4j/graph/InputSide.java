package org.cam4j.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.util.ConvolutionUtils;

/**
 * How a graph takes its images, read off the layers nearest to the input: a DL4J configuration does not keep its input type.
 *
 * @param format the layout of a batch
 * @param channels channels of an image
 */
record InputSide(CNN2DFormat format, int channels) {

    static InputSide find(ComputationGraphConfiguration configuration, String input, CNN2DFormat otherwise) {
        CNN2DFormat format = null;
        Deque<String> open = new ArrayDeque<>(List.of(input));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String name = open.remove();
            Layer layer = Vertices.layer(configuration.getVertices().get(name));
            if (configuration.getVertices().get(name) instanceof LayerVertex vertex
                    && vertex.getPreProcessor() instanceof FeedForwardToCnnPreProcessor) {
                throw new UnsupportedModelException(
                        "the input '" + input + "' takes images as flat vectors, which layer '" + name
                                + "' folds back: build the graph with InputType.convolutional(height, width, channels).");
            }
            if (format == null) {
                format = format(layer);
            }
            if (layer instanceof FeedForwardLayer weighted && weighted.getNIn() > 0) {
                return new InputSide(format == null ? otherwise : format, Math.toIntExact(weighted.getNIn()));
            }
            if (seen.add(name)) {
                for (Map.Entry<String, List<String>> reader :
                        configuration.getVertexInputs().entrySet()) {
                    if (reader.getValue().contains(name)) {
                        open.add(reader.getKey());
                    }
                }
            }
        }
        throw new UnsupportedModelException(
                "no layer with weights reads the input '" + input + "': expected a convolution.");
    }

    private static CNN2DFormat format(Layer layer) {
        if (layer instanceof BatchNormalization normalization) {
            return normalization.getCnn2DFormat();
        }
        // DL4J's own layerHasConvolutionLayout forgets the plain convolution and the pooling.
        boolean hasFormat = layer instanceof ConvolutionLayer
                || layer instanceof SubsamplingLayer
                || (layer != null && ConvolutionUtils.layerHasConvolutionLayout(layer));
        return hasFormat ? ConvolutionUtils.getFormatForLayer(layer) : null;
    }
}
