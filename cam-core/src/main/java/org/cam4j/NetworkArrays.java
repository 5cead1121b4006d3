package org.cam4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's numbers as ND4J arrays: activations and maps of batches, and the weights of the head. */
public interface NetworkArrays {

    /**
     * Runs a batch once and returns its activations and logits, which give the map of any class.
     *
     * @param images preprocessed [n, height, width, channels], also if the graph's own layout is another; not modified. If the Keras
     *     model leaves height and width open, they may have any value; otherwise they must be the network's
     * @return activations and logits, on the backend's device
     * @throws IllegalArgumentException if the images do not have the network's input shape
     * @throws org.cam4j.exception.PhotoException if images, scores or activations are not finite
     */
    Activations activations(INDArray images);

    /**
     * Returns the target layer's activations of a batch; most often the target layer is the last convolution. If several feature maps are
     * pooled, they are concatenated along the channels.
     *
     * @param images preprocessed [n, height, width, channels]; not modified
     * @return [n, h, w, k]
     */
    default INDArray convActivations(INDArray images) {
        return activations(images).features();
    }

    /**
     * Computes the raw class activation maps of a batch: {@code M(y, x) = Σ_k W(k, c) · A(y, x, k)}, as one matrix product.
     *
     * @param images preprocessed [n, height, width, channels]; not modified
     * @param classes indices of classes, each in [0, classes)
     * @return [n, classes.length, h, w]
     * @throws IllegalArgumentException if there is no such class
     */
    default INDArray maps(INDArray images, int... classes) {
        Activations activations = activations(images);
        for (int classIndex : classes) {
            if (classIndex < 0 || classIndex >= activations.classes()) {
                throw new IllegalArgumentException("class " + classIndex
                        + " is out of range: the model's classes are 0 to " + (activations.classes() - 1) + ".");
            }
        }
        return activations.maps(classes);
    }

    /**
     * Enlarges maps on the backend by bilinear interpolation with half-pixel centres (TensorFlow 2's {@code tf.image.resize}, PyTorch's
     * {@code align_corners=False}). Ignores {@link ClassActivationMapper#placement()}.
     *
     * @param maps [n, classes, h, w]; not modified
     * @param height rows of the result
     * @param width columns of the result
     * @return [n, classes, height, width]
     */
    INDArray upsample(INDArray maps, int height, int width);

    /**
     * Returns the weights from the pooled features to the classes. If the head has several linear layers (normalisation, dense layers,
     * sums), they are folded into one matrix. If several feature maps are pooled, their channels are concatenated.
     *
     * @return a copy, [k, classes]
     */
    INDArray denseWeights();

    /**
     * Returns the classes' biases, folded like {@link #denseWeights()}.
     *
     * @return a copy, [classes]; zeros if the head has no bias
     */
    INDArray denseBias();

    /**
     * Returns the DL4J graph from which the network was built.
     *
     * @return the graph, not a copy; the engine has its own copy of the weights
     * @throws IllegalStateException if the graph was released, see {@link MapperBuilder#keepGraph()}, or the network has no graph
     */
    ComputationGraph graph();
}
