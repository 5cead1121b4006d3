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
 * What one Keras layer class means: what it does to shapes, which weights it has, and the DL4J layer that computes it.
 *
 * <p>A kind is stateless and sees Keras' own configuration. {@link LayerKinds} knows them all.
 */
public interface LayerKind {

    /** Whether the class takes that many inputs. */
    default boolean accepts(int inputs) {
        return inputs == 1;
    }

    /** Why the layer cannot be built exactly, as far as its configuration tells. */
    default Optional<String> objection(LayerConfig config) {
        return Optional.empty();
    }

    /** Why the layer cannot be built exactly on such inputs; asked only if the configuration gives no reason. */
    default Optional<String> objection(LayerConfig config, List<TensorShape> inputs) {
        return Optional.empty();
    }

    /**
     * The shape of what comes out; asked only where there is no objection.
     *
     * @throws org.cam4j.exception.ModelFileException if the configuration contradicts itself or its inputs
     */
    TensorShape output(LayerConfig config, List<TensorShape> inputs);

    /** Keras' names and shapes of the weights, in Keras' order. */
    default Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        return Map.of();
    }

    /** Whether the layer passes its single input on unchanged at inference. */
    default boolean isIdle(LayerConfig config, TensorShape input) {
        return false;
    }

    /** DL4J's parameters by DL4J's names, made of Keras' weights. */
    default Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        return Map.of();
    }

    /**
     * The DL4J layer or vertex; asked only where {@link #isIdle} is false. A vertex of inputs that differ in shape gets a
     * pooled map as a vector.
     */
    GraphVertex vertex(LayerConfig config, List<TensorShape> inputs);

    /** Whether the weights become constants of the vertex instead of parameters. */
    default boolean hasConstants(LayerConfig config) {
        return false;
    }

    /** The vertex with constants, asked for where there are such. */
    default GraphVertex vertex(LayerConfig config, List<TensorShape> inputs, Map<String, WeightTensor> weights) {
        return vertex(config, inputs);
    }

    /** A layer as a vertex. */
    static GraphVertex vertex(Layer layer) {
        return new LayerVertex(new NeuralNetConfiguration.Builder().layer(layer).build(), null);
    }

    /** The objection to an input that is no map [h, w, c]. */
    static Optional<String> unlessMap(TensorShape input) {
        return input.isMap()
                ? Optional.empty()
                : Optional.of("an input of shape " + input + ", where a map [h, w, c] is read");
    }
}
