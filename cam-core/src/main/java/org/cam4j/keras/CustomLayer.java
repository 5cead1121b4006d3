package org.cam4j.keras;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.rewrite.PreprocessInput;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an application knows about a Keras layer of its own, or about a {@code Lambda}, whose Python code is never run.
 *
 * <p>Often one of Keras' layers computes the same: {@code CustomLayer.like("Rescaling", Map.of("scale", 2.0))}. Otherwise the
 * layer is built of DL4J's layers and vertices, for maps [n, h, w, c] and vectors [n, c]. Shapes are without the batch axis;
 * -1 is a size that the model leaves open.
 */
@FunctionalInterface
public interface CustomLayer {

    /**
     * Makes the DL4J vertex; a layer as a {@link org.deeplearning4j.nn.conf.graph.LayerVertex}.
     *
     * @param config the layer's Keras configuration, as {@code get_config()} gave it
     * @param inputs the shape of each input
     * @return a vertex for a layer that is called once; a layer that is called twice asks twice
     */
    GraphVertex vertex(Map<String, Object> config, List<long[]> inputs);

    /**
     * The shape of what comes out.
     *
     * @param config the layer's Keras configuration
     * @param inputs the shape of each input
     * @return that of the first input, if it is not said otherwise
     */
    default long[] output(Map<String, Object> config, List<long[]> inputs) {
        return inputs.get(0).clone();
    }

    /**
     * The weights that the file must have.
     *
     * @param config the layer's Keras configuration
     * @param inputs the shape of each input
     * @return names and shapes in Keras' order; none, if it is not said otherwise
     */
    default Map<String, long[]> weights(Map<String, Object> config, List<long[]> inputs) {
        return Map.of();
    }

    /**
     * The vertex's parameters.
     *
     * @param weights what the file has, by Keras' names
     * @return by DL4J's names; the same, if it is not said otherwise
     */
    default Map<String, INDArray> parameters(Map<String, INDArray> weights) {
        return weights;
    }

    /**
     * The layer of Keras that computes the same and is put in this one's place.
     *
     * @return that layer; empty, if it is not said otherwise: then {@link #vertex} builds it
     */
    default Optional<LikeKeras> alike() {
        return Optional.empty();
    }

    /**
     * A layer that computes what one of Keras' layers computes.
     *
     * @param className a class that is read, such as {@code Rescaling}, or {@code Dropout} for one that does nothing at inference
     * @param config its settings as Keras would write them: numbers, texts, booleans, lists of them
     * @return the layer
     */
    static CustomLayer like(String className, Map<String, Object> config) {
        return like(new LikeKeras(className, config));
    }

    /**
     * What {@code keras.applications.NETWORK.preprocess_input} does with a picture in 0..255. Keras 2 says in the file of which network
     * it is; Keras 3 does not.
     *
     * @param mode {@code caffe} (VGG, ResNet: BGR without ImageNet's mean), {@code tf} (MobileNet, Inception, Xception, NASNet, ResNetV2:
     *     -1..1) or {@code torch} (DenseNet: normalized by ImageNet's mean and deviation)
     * @return the layer
     * @throws IllegalArgumentException for another mode
     */
    static CustomLayer preprocessInput(String mode) {
        return like(PreprocessInput.CLASS_NAME, Map.of(PreprocessInput.MODE, PreprocessInput.requireMode(mode)));
    }

    private static CustomLayer like(LikeKeras layer) {
        return new CustomLayer() {
            @Override
            public GraphVertex vertex(Map<String, Object> ignored, List<long[]> inputs) {
                throw new IllegalStateException(layer.className() + " is put in the layer's place");
            }

            @Override
            public Optional<LikeKeras> alike() {
                return Optional.of(layer);
            }
        };
    }
}
