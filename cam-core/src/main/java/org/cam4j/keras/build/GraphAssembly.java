package org.cam4j.keras.build;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
import org.cam4j.dl4j.graph.InPlaceActivations;
import org.cam4j.exception.CamException;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.config.LayerGraph;
import org.cam4j.keras.config.LayerNode;
import org.cam4j.keras.hdf5.WeightTensor;
import org.cam4j.keras.kind.LayerKind;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds the DL4J graph of a checked network. The layer kinds create layers and vertices without weights; the weights are copied in
 * afterwards.
 */
public final class GraphAssembly {

    private GraphAssembly() {}

    /**
     * Builds the graph and copies its weights in.
     *
     * @return the graph, which does not need the file any more, and its parameters in the file
     * @throws UnsupportedModelException if DL4J cannot build the graph
     */
    public static AssembledGraph assembled(CheckedModel network) {
        ComputationGraph graph;
        try {
            ComputationGraphConfiguration configuration = configuration(network);
            InPlaceActivations.protect(configuration);
            graph = new ComputationGraph(configuration);
            graph.init(zeros(configuration), false);
        } catch (CamException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnsupportedModelException(
                    "it is sound, but DL4J cannot build it: " + e.getMessage() + ". Please report this model.", e);
        }
        requireWeights(graph, network);
        return new AssembledGraph(graph, fill(graph, network));
    }

    private static ComputationGraphConfiguration configuration(CheckedModel network) {
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

    private static GraphVertex vertex(CheckedModel network, LayerNode node) {
        LayerKind kind = CheckedModel.kind(node);
        GraphVertex vertex = kind.hasConstants(node.config())
                ? kind.vertex(node.config(), network.inputShapes(node), weights(network, node))
                : kind.vertex(node.config(), network.inputShapes(node));
        if (vertex instanceof LayerVertex layer) {
            layer.getLayerConf().getLayer().setLayerName(node.name());
        }
        return vertex;
    }

    /** Refuses custom layers with parameters for which no weights were named. */
    private static void requireWeights(ComputationGraph graph, CheckedModel network) {
        for (Layer layer : graph.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            if (layer.numParams() > 0 && !network.weights().containsKey(name)) {
                throw new UnsupportedModelException("layer " + Quoted.of(name) + " is built with the parameters "
                        + layer.paramTable().keySet() + ", for which no weights were named: see CustomLayer.weights");
            }
        }
    }

    /**
     * Reads the weights and copies them in, several layers at once. Waits for all layers even if one fails: no thread may go on writing
     * into a released graph or reading a closed file.
     *
     * @return the parameters in a mapped file, by node
     */
    private static Map<String, Map<String, WeightTensor>> fill(ComputationGraph graph, CheckedModel network) {
        Map<String, Map<String, WeightTensor>> inFile = new ConcurrentHashMap<>();
        List<Optional<Throwable>> failures = network.graph().nodes().parallelStream()
                .filter(node -> network.weights().containsKey(node.name()))
                .filter(node -> !CheckedModel.kind(node).hasConstants(node.config()))
                .map(node -> failure(() -> inFile.put(node.name(), fill(graph, network, node))))
                .toList();
        // The first failure in the order of the layers, not in time: the same file then gives the same message.
        failures.stream().flatMap(Optional::stream).findFirst().ifPresent(failure -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        });
        return inFile;
    }

    private static Optional<Throwable> failure(Runnable task) {
        try {
            task.run();
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            return Optional.of(e);
        }
    }

    private static Map<String, WeightTensor> fill(ComputationGraph graph, CheckedModel network, LayerNode node) {
        Map<String, WeightTensor> parameters = CheckedModel.kind(node).parameters(weights(network, node));
        fill(graph, node.name(), parameters);
        Map<String, WeightTensor> inFile = new HashMap<>(parameters);
        inFile.values().removeIf(tensor -> !tensor.isInFile());
        return inFile;
    }

    private static Map<String, WeightTensor> weights(CheckedModel network, LayerNode node) {
        Map<String, WeightTensor> weights = new LinkedHashMap<>();
        network.weights().get(node.name()).forEach((name, tensor) -> weights.put(name, tensor.read()));
        return weights;
    }

    /** Allocates all parameters, as DL4J counts them; otherwise DL4J draws random ones and reseeds ND4J's generator. */
    private static INDArray zeros(ComputationGraphConfiguration configuration) {
        long count = 0;
        for (GraphVertex vertex : configuration.getVertices().values()) {
            vertex.setDataType(configuration.getDataType());
            count += vertex.numParams(true);
        }
        return count == 0 ? null : Nd4j.create(DataType.FLOAT, 1, count);
    }

    /** Copies one layer's parameters in. */
    public static void fill(ComputationGraph graph, String node, Map<String, WeightTensor> tensors) {
        requireFit(graph, node, tensors);
        Map<String, INDArray> parameters = graph.getLayer(node).paramTable();
        tensors.forEach((name, tensor) -> put(tensor, parameters.get(name)));
    }

    /**
     * Compares names and shapes of parameters with those of the graph's layer.
     *
     * @throws ModelFileException if names or shapes differ
     */
    public static void requireFit(ComputationGraph graph, String node, Map<String, WeightTensor> tensors) {
        Map<String, INDArray> parameters = graph.getLayer(node).paramTable();
        if (!parameters.keySet().equals(tensors.keySet())) {
            throw new ModelFileException("the layer " + Quoted.of(node) + " has the parameters " + tensors.keySet()
                    + ", expected " + parameters.keySet() + ". They are of another model.");
        }
        tensors.forEach((name, tensor) -> {
            long[] shape = parameters.get(name).shape();
            if (!squeezed(LongStream.of(shape))
                    .equals(squeezed(tensor.shape().sizes().stream().mapToLong(Integer::longValue)))) {
                throw new ModelFileException("the parameter '" + name + "' of the layer " + Quoted.of(node)
                        + " has the shape " + tensor.shape() + ", expected " + Arrays.toString(shape)
                        + ". It is of another model.");
            }
        });
    }

    private static void put(WeightTensor tensor, INDArray parameter) {
        // Within DL4J's one array of all parameters, each lies without gaps in one of the two orders.
        WeightTensor ordered = parameter.ordering() == 'c' ? tensor : tensor.transposed();
        if (Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU) {
            try {
                ordered.copyTo(new FloatPointer(parameter.data().addressPointer())
                        .capacity(parameter.length())
                        .asBuffer());
            } finally {
                // Keeps the memory reachable: the buffer holds no reference to it.
                Reference.reachabilityFence(parameter);
            }
        } else {
            try (INDArray values = Nd4j.createFromArray(tensor.values())) {
                parameter.assign(values.reshape('c', parameter.shape()));
            }
        }
    }

    /** Returns the shape without axes of one entry: DL4J writes a bias [n] as [1, n]. */
    private static List<Long> squeezed(LongStream shape) {
        return shape.filter(size -> size != 1).boxed().toList();
    }
}
