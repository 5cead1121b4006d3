package org.cam4j.keras;

import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A Keras model that was read.
 *
 * @param graph the network with its weights, initialised; images and activations are [n, h, w, c]
 * @param inputHeight rows of the input; 0 where the model leaves it open
 * @param inputWidth columns of the input; 0 where the model leaves it open
 */
public record ImportedModel(ComputationGraph graph, int inputHeight, int inputWidth) {

    ImportedModel(ComputationGraph graph, Shape input) {
        this(graph, input.isMap() ? size(input.height()) : 0, input.isMap() ? size(input.width()) : 0);
    }

    private static int size(int size) {
        return size == Shape.UNKNOWN ? 0 : size;
    }
}
