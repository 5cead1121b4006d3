package org.cam4j.keras;

import java.util.List;
import org.cam4j.keras.build.CheckedModel;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.hdf5.TensorShape;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * An imported Keras model.
 *
 * @param graph the network with its weights, initialised; images and activations are [n, h, w, c]
 * @param inputHeight rows of the input; 0 if the model leaves them open
 * @param inputWidth columns of the input; 0 if the model leaves them open
 * @param inputChannels channels of an image; 0 if the input is no image, or the number is unknown
 * @param leavesSizeOpen whether the model takes images of any size, like a Keras model with {@code None} for rows and columns
 * @param outputs Keras' names of the layers that compute the model's outputs, in the order of the graph's outputs
 * @param layers the graph's layers, each after the layers that it reads
 * @param notes what the import dropped or rewrote, one sentence each
 */
public record ImportedModel(
        ComputationGraph graph,
        int inputHeight,
        int inputWidth,
        int inputChannels,
        boolean leavesSizeOpen,
        List<String> outputs,
        List<ImportedLayer> layers,
        List<String> notes) {

    /** Copies the lists. */
    public ImportedModel {
        outputs = List.copyOf(outputs);
        layers = List.copyOf(layers);
        notes = List.copyOf(notes);
    }

    static ImportedModel of(
            ComputationGraph graph, CheckedModel network, LayerGraph asRead, List<String> outputs, List<String> notes) {
        TensorShape input = network.inputShape();
        return new ImportedModel(
                graph,
                input.isMap() ? size(input.height()) : 0,
                input.isMap() ? size(input.width()) : 0,
                input.isMap() ? size(input.channels()) : 0,
                input.isMap() && input.height() == TensorShape.UNKNOWN && input.width() == TensorShape.UNKNOWN,
                outputs,
                ImportedLayer.of(network, asRead),
                notes);
    }

    private static int size(int size) {
        return size == TensorShape.UNKNOWN ? 0 : size;
    }
}
