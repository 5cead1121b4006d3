package org.cam4j.keras;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.cam4j.exception.CamException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.graph.InPlaceActivations;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds the DL4J graph of a checked network: its kinds make the layers and vertices, without weights; those are put in
 * afterwards.
 */
final class GraphAssembly {

    private GraphAssembly() {}

    /**
     * Builds and fills the graph.
     *
     * @throws UnsupportedModelException if DL4J cannot build it after all
     */
    static ComputationGraph assembled(Network network) {
        Map<String, Map<String, Tensor>> parameters = parameters(network);
        try {
            ComputationGraphConfiguration configuration = configuration(network);
            InPlaceActivations.protect(configuration);
            ComputationGraph graph = new ComputationGraph(configuration);
            graph.init(zeros(configuration), false);
            fill(graph, parameters);
            return graph;
        } catch (CamException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnsupportedModelException(
                    "it is sound, but DL4J cannot build it: " + e.getMessage() + ". Please report this model.", e);
        }
    }

    private static ComputationGraphConfiguration configuration(Network network) {
        LayerGraph graph = network.graph();
        GraphBuilder builder = new NeuralNetConfiguration.Builder().graphBuilder();
        builder.addInputs(graph.inputs());
        for (LayerNode node : graph.nodes()) {
            if (!node.inputs().isEmpty()) {
                builder.addVertex(
                        node.name(), vertex(network, node), node.inputs().toArray(String[]::new));
            }
        }
        builder.setOutputs(graph.outputs().toArray(String[]::new));
        return builder.build();
    }

    private static GraphVertex vertex(Network network, LayerNode node) {
        Map<String, Tensor> weights = network.weights().getOrDefault(node.name(), Map.of());
        GraphVertex vertex = Network.kind(node).vertex(node.config(), network.inputShapes(node), weights);
        if (vertex instanceof LayerVertex layer) {
            layer.getLayerConf().getLayer().setLayerName(node.name());
        }
        return vertex;
    }

    private static Map<String, Map<String, Tensor>> parameters(Network network) {
        Map<String, Map<String, Tensor>> parameters = new LinkedHashMap<>();
        for (LayerNode node : network.graph().nodes()) {
            Map<String, Tensor> weights = network.weights().get(node.name());
            Map<String, Tensor> filling =
                    weights == null ? Map.of() : Network.kind(node).parameters(weights);
            if (!filling.isEmpty()) {
                parameters.put(node.name(), filling);
            }
        }
        return parameters;
    }

    /** Room for all parameters, as DL4J counts them; without it, DL4J draws random ones and reseeds ND4J's generator. */
    private static INDArray zeros(ComputationGraphConfiguration configuration) {
        long count = 0;
        for (GraphVertex vertex : configuration.getVertices().values()) {
            vertex.setDataType(configuration.getDataType());
            count += vertex.numParams(true);
        }
        return count == 0 ? null : Nd4j.create(DataType.FLOAT, 1, count);
    }

    private static void fill(ComputationGraph graph, Map<String, Map<String, Tensor>> parameters) {
        for (Layer layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            if (layer.numParams() > 0 && !parameters.containsKey(name)) {
                throw new UnsupportedModelException("layer " + Quoted.of(name) + " is built with the parameters "
                        + layer.paramTable().keySet() + ", for which no weights were named: see CustomLayer.weights");
            }
        }
        parameters.forEach((node, tensors) -> fill(graph, node, tensors));
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
