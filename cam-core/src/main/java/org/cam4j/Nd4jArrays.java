package org.cam4j;

import java.util.Arrays;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jBatch;
import org.cam4j.dl4j.engine.Nd4jValues;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arrays of a running network. Separate from {@link ClassActivationMapper}, which explains photos without loading ND4J.
 *
 * @param network runs the batches
 */
record Nd4jArrays(Network network) implements NetworkArrays {

    @Override
    public Activations activations(INDArray images) {
        ModelSummary summary = network.summary();
        long[] shape = images.shape();
        if (shape.length != 4
                || shape[0] < 1
                || (!network.sizeIsOpen() && (shape[1] != summary.inputHeight() || shape[2] != summary.inputWidth()))
                || shape[3] != summary.inputChannels()) {
            throw new IllegalArgumentException("images of shape " + Arrays.toString(shape) + "; expected [n, "
                    + summary.inputHeight() + ", " + summary.inputWidth() + ", " + summary.inputChannels()
                    + "] (batch, height, width, channels), preprocessed.");
        }
        if (!Nd4jValues.areFinite(images)) {
            throw Network.notFinite("the images have pixels that are not finite");
        }
        Activations activations = network.run(new Nd4jBatch(images));
        for (int i = 0; i < activations.count(); i++) {
            if (!activations.isFinite(i)) {
                throw Network.notFinite(
                        "the network's scores or activations of image " + i + " of the batch are not finite");
            }
        }
        return activations;
    }

    @Override
    public INDArray upsample(INDArray maps, int height, int width) {
        BatchUpsampling.check(maps, height, width);
        return network.engine()
                .enlarged(() -> maps.dup('c').data().asFloat(), (int) maps.size(2), (int) maps.size(3), height, width)
                .map(enlarged -> Nd4j.createFromArray(enlarged).reshape('c', maps.size(0), maps.size(1), height, width))
                .orElseGet(() -> BatchUpsampling.bilinear(maps, height, width));
    }

    @Override
    public INDArray denseWeights() {
        LinearHead head = network.head().weights();
        return Nd4j.createFromArray(head.weights()).reshape('c', head.channels(), head.classes());
    }

    @Override
    public INDArray denseBias() {
        return Nd4j.createFromArray(network.head().weights().bias());
    }

    @Override
    public ComputationGraph graph() {
        return network.graph()
                .orElseThrow(() -> new IllegalStateException("the graph of '"
                        + network.summary().model()
                        + "' is not kept: build the mapper from the Keras file with keepGraph()."));
    }
}
