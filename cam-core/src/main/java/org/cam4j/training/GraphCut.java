package org.cam4j.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.dl4j.graph.InPlaceActivations;
import org.cam4j.exception.UnsupportedModelException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Takes graphs apart and puts them together again, with the weights of those layers that stay. */
final class GraphCut {

    private GraphCut() {}

    /** A configuration of one's own. Not clone(): DL4J 1.0.0-M2.1's MergeVertex forgets its axis there. */
    static ComputationGraphConfiguration copy(ComputationGraph graph) {
        return ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson());
    }

    /** The part of a graph from its inputs to some vertices, which become the outputs. */
    static ComputationGraphConfiguration upTo(ComputationGraph graph, String... last) {
        ComputationGraphConfiguration configuration = copy(graph);
        for (String vertex : last) {
            requireVertex(configuration, vertex);
        }
        keep(configuration, ancestors(configuration, List.of(last)));
        configuration.setNetworkOutputs(new ArrayList<>(List.of(last)));
        return configuration;
    }

    /**
     * Puts feature maps one after the other along the channels.
     *
     * @return the vertex that gives them, which becomes the output
     */
    static String joined(ComputationGraphConfiguration configuration, CNN2DFormat format, String... maps) {
        if (maps.length == 1) {
            return maps[0];
        }
        String name = free(configuration, "joined");
        MergeVertex merge = new MergeVertex();
        merge.setMergeAxis(format == CNN2DFormat.NCHW ? 1 : 3);
        configuration.getVertices().put(name, merge);
        configuration.getVertexInputs().put(name, new ArrayList<>(List.of(maps)));
        configuration.setNetworkOutputs(new ArrayList<>(List.of(name)));
        return name;
    }

    /**
     * The part of a graph from a vertex, which becomes the input, to the outputs.
     *
     * @throws UnsupportedModelException if a way from the inputs to the outputs goes past the vertex
     */
    static ComputationGraphConfiguration after(ComputationGraph graph, String boundary) {
        ComputationGraphConfiguration configuration = copy(graph);
        requireVertex(configuration, boundary);
        Map<String, List<String>> inputs = configuration.getVertexInputs();
        inputs.remove(boundary);
        configuration.getVertices().remove(boundary);
        Set<String> needed = ancestors(configuration, configuration.getNetworkOutputs());
        for (String input : configuration.getNetworkInputs()) {
            if (needed.contains(input)) {
                throw new UnsupportedModelException("a way from the input '" + input + "' to the outputs goes past '"
                        + boundary + "': cut where all ways meet, behind an addition or a pooling for instance.");
            }
        }
        keep(configuration, needed);
        configuration.setNetworkInputs(new ArrayList<>(List.of(boundary)));
        return configuration;
    }

    /** Puts a layer at the end. */
    static void append(
            ComputationGraphConfiguration configuration,
            String name,
            org.deeplearning4j.nn.conf.layers.Layer layer,
            String input) {
        layer.setLayerName(name);
        configuration
                .getVertices()
                .put(
                        name,
                        new LayerVertex(
                                new NeuralNetConfiguration.Builder()
                                        .layer(layer)
                                        .build(),
                                null));
        configuration.getVertexInputs().put(name, new ArrayList<>(List.of(input)));
        configuration.setNetworkOutputs(new ArrayList<>(List.of(name)));
    }

    /** A graph with the weights of another's layers that lead to a vertex; those of all other layers are zero. */
    static ComputationGraph built(ComputationGraphConfiguration configuration, ComputationGraph source, String last) {
        Set<String> kept = ancestors(configuration, List.of(last));
        InPlaceActivations.protect(configuration);
        ComputationGraph graph = new ComputationGraph(configuration);
        // With an array to fill, DL4J neither draws random weights nor seeds ND4J's generator anew.
        graph.init(zeros(configuration), false);
        copyWeights(source, graph, kept);
        return graph;
    }

    /** A graph of its own with the same weights. */
    static ComputationGraph twin(ComputationGraph graph) {
        ComputationGraphConfiguration configuration = copy(graph);
        return built(configuration, graph, configuration.getNetworkOutputs().get(0));
    }

    /** Copies the weights of those layers of a graph that another has too. */
    static void copyWeights(ComputationGraph source, ComputationGraph target, Set<String> names) {
        for (Layer layer : target.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            if (names.contains(name)) {
                Map<String, INDArray> weights = source.getLayer(name).paramTable();
                layer.paramTable().forEach((key, array) -> array.assign(weights.get(key)));
            }
        }
    }

    /** A name that no vertex has. */
    static String free(ComputationGraphConfiguration configuration, String wanted) {
        String name = wanted;
        for (int i = 1;
                configuration.getVertices().containsKey(name)
                        || configuration.getNetworkInputs().contains(name);
                i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    private static void requireVertex(ComputationGraphConfiguration configuration, String name) {
        if (!configuration.getVertices().containsKey(name)) {
            List<String> names = List.copyOf(configuration.getVertices().keySet());
            throw new UnsupportedModelException("the network has no layer '" + name + "'; its last ones are "
                    + names.subList(Math.max(0, names.size() - 12), names.size()) + ".");
        }
    }

    private static Set<String> ancestors(ComputationGraphConfiguration configuration, List<String> names) {
        Set<String> found = new HashSet<>();
        List<String> open = new ArrayList<>(names);
        while (!open.isEmpty()) {
            String name = open.remove(open.size() - 1);
            if (found.add(name)) {
                open.addAll(configuration.getVertexInputs().getOrDefault(name, List.of()));
            }
        }
        return found;
    }

    private static void keep(ComputationGraphConfiguration configuration, Set<String> names) {
        configuration.getVertices().keySet().retainAll(names);
        configuration.getVertexInputs().keySet().retainAll(names);
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
    }

    private static INDArray zeros(ComputationGraphConfiguration configuration) {
        long count = 0;
        for (GraphVertex vertex : configuration.getVertices().values()) {
            vertex.setDataType(configuration.getDataType());
            count += vertex.numParams(true);
        }
        return count == 0 ? null : Nd4j.create(configuration.getDataType(), 1, count);
    }
}
