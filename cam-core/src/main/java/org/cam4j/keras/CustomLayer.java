package org.cam4j.keras;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.rewrite.PreprocessInput;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Describes a Keras layer of the application's own, or a {@code Lambda}, whose Python code is never run.
 *
 * <p>If one of Keras' layers computes the same, name it: {@code CustomLayer.like("Rescaling", Map.of("scale", 2.0))}. Otherwise
 * build the layer from DL4J's layers and vertices, for maps [n, h, w, c] and vectors [n, c]. Shapes have no batch axis; -1 is a
 * size that the model leaves open.
 */
@FunctionalInterface
public interface CustomLayer {

    /**
     * Creates the DL4J vertex. Wrap a DL4J layer in a {@link org.deeplearning4j.nn.conf.graph.LayerVertex}.
     *
     * @param config the layer's Keras configuration, as {@code get_config()} returned it
     * @param inputs the shape of each input
     * @return a new vertex; this method runs once for each call of the layer in the model
     */
    GraphVertex vertex(Map<String, Object> config, List<long[]> inputs);

    /**
     * Returns the shape of the output.
     *
     * @param config the layer's Keras configuration
     * @param inputs the shape of each input
     * @return the output's shape; defaults to the shape of the first input
     */
    default long[] output(Map<String, Object> config, List<long[]> inputs) {
        return inputs.get(0).clone();
    }

    /**
     * Returns the weights that the file must hold for the layer.
     *
     * @param config the layer's Keras configuration
     * @param inputs the shape of each input
     * @return names and shapes in Keras' order; defaults to none
     */
    default Map<String, long[]> weights(Map<String, Object> config, List<long[]> inputs) {
        return Map.of();
    }

    /**
     * Converts the file's weights to the vertex's parameters.
     *
     * @param weights the file's weights, by Keras' names
     * @return the parameters, by DL4J's names; defaults to {@code weights}
     */
    default Map<String, INDArray> parameters(Map<String, INDArray> weights) {
        return weights;
    }

    /**
     * Returns the Keras layer that computes the same and replaces this layer.
     *
     * @return the Keras layer; defaults to empty: {@link #vertex} then builds this layer
     */
    default Optional<LikeKeras> alike() {
        return Optional.empty();
    }

    /**
     * Creates a layer that computes what one of Keras' layers computes.
     *
     * @param className a supported Keras class, such as {@code Rescaling}; {@code Dropout} for a layer that does nothing at inference
     * @param config the class's settings as Keras would write them: numbers, texts, booleans, lists of them
     * @return the layer
     */
    static CustomLayer like(String className, Map<String, Object> config) {
        return like(new LikeKeras(className, config));
    }

    /**
     * Creates a layer that computes {@code keras.applications.NETWORK.preprocess_input} of an image in 0..255. Needed for files of
     * Keras 3: unlike those of Keras 2, they do not name the network.
     *
     * @param mode {@code caffe} (VGG, ResNet: BGR without ImageNet's mean), {@code tf} (MobileNet, Inception, Xception, NASNet, ResNetV2:
     *     -1..1) or {@code torch} (DenseNet: normalized by ImageNet's mean and deviation)
     * @return the layer
     * @throws IllegalArgumentException if {@code mode} is none of the three
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
