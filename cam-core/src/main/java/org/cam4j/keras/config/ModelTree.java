package org.cam4j.keras.config;

import java.util.List;
import java.util.Optional;

/**
 * A model as its configuration describes it, other models nested in it; a sequential model is a chain of calls.
 *
 * @param layers in Keras' order, names unique among them
 * @param inputs the model's inputs
 * @param outputs the model's outputs
 */
public record ModelTree(List<Layer> layers, List<Reference> inputs, List<Reference> outputs) {

    public ModelTree {
        layers = List.copyOf(layers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * One layer, or a nested model.
     *
     * @param config what Keras wrote about it
     * @param stored the path to its group, from its model's, where weights are kept by class and number: {@code layers/conv2d_1}
     * @param nested the model that it is
     * @param calls how often it is used, and on what; at least once
     */
    record Layer(LayerConfig config, String stored, Optional<ModelTree> nested, List<Call> calls) {

        Layer {
            calls = List.copyOf(calls);
        }

        String name() {
            return config.layer();
        }
    }

    /**
     * One use of a layer.
     *
     * @param config the layer's configuration with the arguments of this call, where they matter
     * @param inputs what goes in, in order; empty for an input
     */
    record Call(LayerConfig config, List<Reference> inputs) {

        Call {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * A tensor.
     *
     * @param layer the name of the layer that makes it
     * @param call by which of its calls
     * @param output which of its outputs
     */
    record Reference(String layer, int call, int output) {

        /** What goes into a model that does not name its inputs; no layer in a file has an empty name. */
        static final Reference FED = new Reference("", 0, 0);
    }
}
