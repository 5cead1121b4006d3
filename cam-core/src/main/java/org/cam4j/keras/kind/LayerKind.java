package org.cam4j.keras.kind;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * The semantics of one Keras layer class: output shapes, weights, and the DL4J layer that computes the same.
 *
 * <p>A kind is stateless and reads Keras' own configuration. {@link LayerKinds} lists all kinds.
 */
public interface LayerKind {

    /** Whether the class takes the given number of inputs. */
    default boolean accepts(int inputs) {
        return inputs == 1;
    }

    /** Returns why the layer cannot be built exactly, judged by its configuration alone. */
    default Optional<String> objection(LayerConfig config) {
        return Optional.empty();
    }

    /** Returns why the layer cannot be built exactly on inputs of these shapes; called only if the configuration gives no reason. */
    default Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return Optional.empty();
    }

    /**
     * Returns the shape of the output; called only without objections.
     *
     * @throws org.cam4j.exception.ModelFileException if the configuration contradicts itself or its inputs
     */
    TensorShape output(LayerConfig config, List<TensorShape> inputs);

    /** Returns Keras' names and shapes of the weights, in Keras' order. */
    default Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        return Map.of();
    }

    /** Whether the layer passes its single input on unchanged at inference. */
    default boolean isIdle(LayerConfig config, TensorShape input) {
        return false;
    }

    /** Converts Keras' weights to DL4J's parameters, by DL4J's names. */
    default Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        return Map.of();
    }

    /**
     * Creates the DL4J layer or vertex; called only if {@link #isIdle} is false. If inputs differ in shape, the vertex gets a pooled map as
     * a vector.
     */
    GraphVertex vertex(LayerConfig config, List<TensorShape> inputs);

    /** Whether the weights become constants of the vertex instead of parameters. */
    default boolean hasConstants(LayerConfig config) {
        return false;
    }

    /** Creates the vertex with its constants; called only if {@link #hasConstants} is true. */
    default GraphVertex vertex(LayerConfig config, List<TensorShape> inputs, Map<String, WeightTensor> weights) {
        return vertex(config, inputs);
    }

    /** Wraps a layer in a vertex. */
    static GraphVertex vertex(Layer layer) {
        return new LayerVertex(new NeuralNetConfiguration.Builder().layer(layer).build(), null);
    }

    /** Returns the objection to an input that is no map [h, w, c]. */
    static Optional<String> unlessMap(TensorShape input) {
        return input.isMap()
                ? Optional.empty()
                : Optional.of("an input of shape " + input + ", where a map [h, w, c] is read");
    }
}
