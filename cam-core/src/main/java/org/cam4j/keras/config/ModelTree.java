package org.cam4j.keras.config;

import java.util.List;
import java.util.Optional;

/**
 * A model as its configuration describes it, with nested models; a sequential model is a chain of calls.
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
     * @param config the layer's configuration
     * @param stored the path from the model's group to the layer's, by class and number: {@code layers/conv2d_1}
     * @param nested the nested model, if the layer is one
     * @param calls the layer's uses with their inputs; at least one
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
     * @param config the layer's configuration, with the arguments of this call if they matter
     * @param inputs the tensors that the layer reads, in order; empty for an input layer
     */
    record Call(LayerConfig config, List<Reference> inputs) {

        Call {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * A reference to a tensor.
     *
     * @param layer the name of the layer that computes the tensor
     * @param call the number of the layer's call
     * @param output the number of the call's output
     */
    record Reference(String layer, int call, int output) {

        /** The input of a model that does not name its inputs; no layer in a file has an empty name. */
        static final Reference FED = new Reference("", 0, 0);
    }
}
