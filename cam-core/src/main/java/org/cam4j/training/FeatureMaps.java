package org.cam4j.training;

import java.util.List;
import org.cam4j.dl4j.graph.KerasTerms;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.util.ConvolutionUtils;

/**
 * The shape of a vertex's output, found from the layers before it: a DL4J configuration does not keep its shapes.
 *
 * @param format the layout of the maps
 * @param channels how many maps
 */
record FeatureMaps(CNN2DFormat format, int channels) {

    /**
     * The maps of a vertex.
     *
     * @throws UnsupportedModelException if it gives vectors, or no layer before it tells
     */
    static FeatureMaps of(ComputationGraphConfiguration configuration, String vertex) {
        return new FeatureMaps(format(configuration, vertex, vertex), channels(configuration, vertex, vertex));
    }

    private static int channels(ComputationGraphConfiguration configuration, String name, String asked) {
        Layer layer = layer(configuration, name);
        requireMaps(configuration, name, asked);
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            return Math.toIntExact(depthwise.getNIn() * depthwise.getDepthMultiplier());
        }
        if (layer instanceof FeedForwardLayer weighted && weighted.getNOut() > 0) {
            return Math.toIntExact(weighted.getNOut());
        }
        List<String> inputs = inputs(configuration, name, asked);
        return configuration.getVertices().get(name) instanceof MergeVertex
                ? inputs.stream()
                        .mapToInt(input -> channels(configuration, input, asked))
                        .sum()
                : channels(configuration, inputs.get(0), asked);
    }

    private static CNN2DFormat format(ComputationGraphConfiguration configuration, String name, String asked) {
        Layer layer = layer(configuration, name);
        if (layer instanceof BatchNormalization normalization) {
            return normalization.getCnn2DFormat();
        }
        // DL4J's own layerHasConvolutionLayout forgets the plain convolution and the pooling.
        if (layer instanceof ConvolutionLayer
                || layer instanceof SubsamplingLayer
                || (layer != null && ConvolutionUtils.layerHasConvolutionLayout(layer))) {
            return ConvolutionUtils.getFormatForLayer(layer);
        }
        requireMaps(configuration, name, asked);
        return format(configuration, inputs(configuration, name, asked).get(0), asked);
    }

    private static void requireMaps(ComputationGraphConfiguration configuration, String name, String asked) {
        Layer layer = layer(configuration, name);
        if (layer instanceof DenseLayer || layer instanceof BaseOutputLayer || layer instanceof GlobalPoolingLayer) {
            throw new UnsupportedModelException("'" + asked + "' gives no feature maps but vectors ("
                    + KerasTerms.of(configuration, name)
                    + "): cut before it, at a convolution or what follows one.");
        }
    }

    private static List<String> inputs(ComputationGraphConfiguration configuration, String name, String asked) {
        List<String> inputs = configuration.getVertexInputs().get(name);
        if (inputs == null || inputs.isEmpty()) {
            throw new UnsupportedModelException("no convolution leads to '" + asked + "': cut behind one.");
        }
        return inputs;
    }

    private static Layer layer(ComputationGraphConfiguration configuration, String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        GraphVertex inner = vertex instanceof FrozenVertex frozen ? frozen.getUnderlying() : vertex;
        return inner instanceof LayerVertex layer ? layer.getLayerConf().getLayer() : null;
    }
}
