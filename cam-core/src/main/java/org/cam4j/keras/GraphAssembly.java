package org.cam4j.keras;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.graph.InPlaceActivations;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds the DL4J graph of a checked network: DL4J's own Keras importer makes the layers from a configuration that we wrote,
 * without weights; ours are put in afterwards.
 */
final class GraphAssembly {

    private GraphAssembly() {}

    /**
     * Builds and fills the graph.
     *
     * @throws UnsupportedModelException if DL4J cannot build it after all
     */
    static ComputationGraph assembled(Network network) {
        String json = json(network).toString();
        Map<String, Map<String, Tensor>> parameters = parameters(network);
        try {
            registerImporters();
            ComputationGraphConfiguration configuration = new KerasModel()
                    .modelBuilder()
                    .modelJson(json)
                    .enforceTrainingConfig(false)
                    .buildModel()
                    .getComputationGraphConfiguration();
            InPlaceActivations.protect(configuration);
            ComputationGraph graph = new ComputationGraph(configuration);
            graph.init(zeros(parameters), false);
            parameters.forEach((node, tensors) -> fill(graph, node, tensors));
            return graph;
        } catch (InvalidKerasConfigurationException
                | UnsupportedKerasConfigurationException
                | IOException
                | RuntimeException e) {
            throw new UnsupportedModelException(
                    "it is sound, but DL4J cannot build it: " + e.getMessage() + ". Please report this model.", e);
        }
    }

    private static Map<String, Map<String, Tensor>> parameters(Network network) {
        Map<String, Map<String, Tensor>> parameters = new LinkedHashMap<>();
        for (LayerNode node : network.graph().nodes()) {
            Map<String, Tensor> weights = network.weights().get(node.name());
            if (weights != null) {
                parameters.put(node.name(), Network.kind(node).parameters(weights));
            }
        }
        return parameters;
    }

    /** Room for all parameters, as DL4J counts them; without it, DL4J draws random ones and reseeds ND4J's generator. */
    private static INDArray zeros(Map<String, Map<String, Tensor>> parameters) {
        long count = parameters.values().stream()
                .flatMap(tensors -> tensors.values().stream())
                .mapToLong(tensor -> tensor.values().length)
                .sum();
        return count == 0 ? null : Nd4j.create(DataType.FLOAT, 1, count);
    }

    /** Again each time, because an application may have cleared DL4J's registry. */
    private static synchronized void registerImporters() {
        KerasLayer.registerCustomLayer(DepthwiseImporter.CLASS_NAME, DepthwiseImporter.class);
    }

    private static ObjectNode json(Network network) {
        LayerGraph graph = network.graph();
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        model.put("class_name", "Functional").put("keras_version", "2.10.0").put("backend", "tensorflow");
        ObjectNode config = model.putObject("config").put("name", "model");
        ArrayNode layers = config.putArray("layers");
        for (LayerNode node : graph.nodes()) {
            Keras2Layer translated = Network.kind(node).translated(node.config(), network.inputShapes(node));
            ObjectNode layer = layers.addObject();
            layer.put("class_name", translated.className()).put("name", node.name());
            layer.set("config", translated.config().put("name", node.name()));
            ArrayNode inbound = layer.putArray("inbound_nodes");
            if (!node.inputs().isEmpty()) {
                references(inbound.addArray(), node.inputs());
            }
        }
        references(config.putArray("input_layers"), graph.inputs());
        references(config.putArray("output_layers"), graph.outputs());
        return model;
    }

    private static void references(ArrayNode array, List<String> names) {
        names.forEach(name -> array.addArray().add(name).add(0).add(0).addObject());
    }

    private static void fill(ComputationGraph graph, String node, Map<String, Tensor> tensors) {
        Map<String, INDArray> parameters = graph.getLayer(node).paramTable();
        if (!parameters.keySet().equals(tensors.keySet())) {
            throw new IllegalStateException(
                    "layer '" + node + "' has " + parameters.keySet() + " instead of " + tensors.keySet());
        }
        tensors.forEach((name, tensor) -> {
            INDArray parameter = parameters.get(name);
            INDArray value = array(tensor);
            if (!squeezed(parameter).equals(squeezed(value))) {
                throw new IllegalStateException("'" + name + "' of layer '" + node + "' has the shape "
                        + Arrays.toString(parameter.shape()) + " instead of " + tensor.shape());
            }
            parameter.assign(value.reshape(parameter.shape()));
        });
    }

    private static INDArray array(Tensor tensor) {
        long[] shape =
                tensor.shape().sizes().stream().mapToLong(Integer::longValue).toArray();
        return Nd4j.create(tensor.values(), shape, 'c');
    }

    /** The shape without axes of one entry: DL4J writes a bias [n] as [1, n]. */
    private static List<Long> squeezed(INDArray array) {
        return LongStream.of(array.shape()).filter(size -> size != 1).boxed().toList();
    }
}
