package org.cam4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's numbers as ND4J arrays: activations and maps of batches, and the weights that make maps. */
public interface NetworkArrays {

    /**
     * Runs a batch once and gives everything: activations, logits, maps of any class.
     *
     * @param images preprocessed [n, height, width, channels], whatever the graph's own layout; not modified. Height and width
     *     may be any where the Keras model leaves them open, otherwise they are the network's
     * @return activations and logits, still on the backend's device
     * @throws IllegalArgumentException if the images are not of the network's input shape
     * @throws org.cam4j.exception.PhotoException if images, scores or activations are not finite
     */
    Activations activations(INDArray images);

    /**
     * The last convolution's activations of a batch; several feature maps that are pooled come one after the other along the channels.
     *
     * @param images preprocessed [n, height, width, channels]; not modified
     * @return [n, h, w, k]
     */
    default INDArray convActivations(INDArray images) {
        return activations(images).features();
    }

    /**
     * The raw class activation maps of a batch: {@code M(y, x) = Σ_k W(k, c) · A(y, x, k)}, as one matrix product.
     *
     * @param images preprocessed [n, height, width, channels]; not modified
     * @param classes which classes, each in [0, classes)
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
     * Maps enlarged by bilinear interpolation with half-pixel centres (TensorFlow 2's {@code tf.image.resize}, PyTorch's {@code
     * align_corners=False}), on the backend, wherever {@link ClassActivationMapper#placement()} says that they lie.
     *
     * @param maps [n, classes, h, w]; not modified
     * @param height rows of the result
     * @param width columns of the result
     * @return [n, classes, height, width]
     */
    INDArray upsample(INDArray maps, int height, int width);

    /**
     * The weights that join the pooled features to the classes. Where several linear layers do that, normalisation, dense layers,
     * sums, these are what they fold into; where several feature maps are pooled, their channels come one after the other.
     *
     * @return a copy, [k, classes]
     */
    INDArray denseWeights();

    /**
     * The classes' biases, folded like {@link #denseWeights()}.
     *
     * @return a copy, [classes]; zeros where the head has none
     */
    INDArray denseBias();

    /**
     * The graph that the network was made from.
     *
     * @return the graph itself; the engine works on a copy of its weights
     * @throws IllegalStateException if the graph is not kept, see {@link MapperBuilder#keepGraph()}, or there never was one
     */
    ComputationGraph graph();
}
