package org.cam4j.keras;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A Keras model that was read.
 *
 * @param graph the network with its weights, initialised; images and activations are [n, h, w, c]
 * @param inputHeight rows of the input; 0 where the model leaves it open
 * @param inputWidth columns of the input; 0 where the model leaves it open
 * @param outputs Keras' names of the layers that make the model's outputs, in order; the graph's outputs are in the same order
 * @param notes what was dropped or rewritten on the way from Keras to the graph, a sentence each
 */
public record ImportedModel(
        ComputationGraph graph, int inputHeight, int inputWidth, List<String> outputs, List<String> notes) {

    /** Copies the lists. */
    public ImportedModel {
        outputs = List.copyOf(outputs);
        notes = List.copyOf(notes);
    }

    static ImportedModel of(ComputationGraph graph, Shape input, List<String> outputs, List<String> notes) {
        return new ImportedModel(
                graph,
                input.isMap() ? size(input.height()) : 0,
                input.isMap() ? size(input.width()) : 0,
                outputs,
                notes);
    }

    private static int size(int size) {
        return size == Shape.UNKNOWN ? 0 : size;
    }
}
