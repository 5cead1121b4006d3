package org.cam4j.dl4j.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/** Says of a network that has no plan whether its layers leave the cells of its maps in their places. */
public final class UntracedLayers {

    private final ComputationGraphConfiguration configuration;

    private UntracedLayers(ComputationGraphConfiguration configuration) {
        this.configuration = configuration;
    }

    /**
     * The first layer that moves cells in a way that only a plan could follow.
     *
     * @param classifier a network and its parts; not modified
     * @return the layer and what it does, as a sentence's part; empty if the maps cover the image evenly
     */
    public static Optional<String> objection(GapClassifier classifier) {
        ComputationGraphConfiguration configuration = classifier.graph().getConfiguration();
        UntracedLayers layers = new UntracedLayers(configuration);
        return Vertices.ancestors(configuration.getVertexInputs(), classifier.mapNames()).stream()
                .filter(name -> configuration.getVertices().containsKey(name) && layers.moves(name))
                .sorted()
                .findFirst()
                .map(name -> "'" + name
                        + "' moves the map's cells, and the network runs on DL4J's layers, through which they"
                        + " are not followed");
    }

    private boolean moves(String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        Layer layer = Vertices.layer(vertex);
        if (layer instanceof PlannedVertex planned) {
            return planned.movesCells();
        }
        if (vertex instanceof PlannedVertex planned) {
            return planned.movesCells();
        }
        if (layer instanceof ZeroPaddingLayer padding) {
            return !isBorderOfWindows(name, padding.getPadding());
        }
        if (vertex instanceof ReshapeVertex reshape) {
            return makesMap(reshape.getNewShape());
        }
        if (vertex instanceof PreprocessorVertex preprocessor) {
            return makesMap(preprocessor.getPreProcessor());
        }
        if (vertex instanceof LayerVertex layerVertex && makesMap(layerVertex.getPreProcessor())) {
            return true;
        }
        return layer instanceof Cropping2D;
    }

    /** A vector has no cells that could move. */
    private static boolean makesMap(int... shape) {
        return shape.length > 2
                && Arrays.stream(shape).skip(1).filter(size -> size == 1).count() < shape.length - 2;
    }

    private static boolean makesMap(InputPreProcessor preprocessor) {
        if (preprocessor instanceof FeedForwardToCnnPreProcessor folding) {
            return folding.getInputHeight() > 1 || folding.getInputWidth() > 1;
        }
        return preprocessor != null && !(preprocessor instanceof CnnToFeedForwardPreProcessor);
    }

    /** Whether convolutions and poolings alone read the padding, with kernels that reach from it into the image. */
    private boolean isBorderOfWindows(String name, int... sides) {
        int[] most = {Integer.MAX_VALUE, Integer.MAX_VALUE};
        for (Map.Entry<String, List<String>> reader :
                configuration.getVertexInputs().entrySet()) {
            if (reader.getValue().contains(name)) {
                int[] kernel = kernel(Vertices.layer(configuration.getVertices().get(reader.getKey())));
                most[0] = Math.min(most[0], kernel[0]);
                most[1] = Math.min(most[1], kernel[1]);
            }
        }
        return Math.max(sides[0], sides[1]) < most[0] && Math.max(sides[2], sides[3]) < most[1];
    }

    private static int[] kernel(Layer layer) {
        if (layer instanceof ConvolutionLayer convolution) {
            return convolution.getKernelSize();
        }
        return layer instanceof SubsamplingLayer pooling ? pooling.getKernelSize() : new int[] {0, 0};
    }
}
