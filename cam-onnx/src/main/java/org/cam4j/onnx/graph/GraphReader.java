package org.cam4j.onnx.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.Listed;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.OperatorSetIdProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.TensorShapeProto;
import org.cam4j.onnx.schema.TypeProto;
import org.cam4j.onnx.schema.ValueInfoProto;

/** Reads a model's graph and checks its wiring: every tensor is made once, before it is read. */
public final class GraphReader {

    /** The operators' versions whose meaning is known here. */
    static final int OLDEST = 7;

    static final int NEWEST = 23;

    private final String model;
    private final TensorReader tensors;

    /**
     * @param model the file's name, for messages
     * @param tensors reads stored tensors
     */
    public GraphReader(String model, TensorReader tensors) {
        this.model = model;
        this.tensors = tensors;
    }

    /**
     * Reads a model.
     *
     * @throws ModelFileException if the graph contradicts itself
     * @throws UnsupportedModelException if it is written in another version of ONNX
     */
    public Graph read(ModelProto proto) {
        GraphProto graph = proto.getGraph();
        if (graph.getNodeCount() == 0) {
            throw new ModelFileException(
                    "model '" + model + "' has a graph without nodes: nothing is computed. Export it" + " again.");
        }
        Map<String, Constant> constants = constants(graph);
        List<Graph.Input> inputs = inputs(graph, constants);
        NodeReader reader = new NodeReader(model, proto, opset(proto), tensors);
        List<Node> nodes = reader.nodes(graph.getNodeList());
        List<String> outputs =
                graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
        Set<String> given = new HashSet<>(constants.keySet());
        inputs.forEach(input -> given.add(input.name()));
        List<Node> ordered = NodeOrder.of(model, nodes, given, outputs);
        return new Graph(inputs, ordered, constants, outputs);
    }

    private int opset(ModelProto proto) {
        for (OperatorSetIdProto imported : proto.getOpsetImportList()) {
            if (isOnnx(imported.getDomain())) {
                return checked(imported.getVersion());
            }
        }
        // Files of before opsets, which is refused like those of opset 1.
        return checked(1);
    }

    static boolean isOnnx(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private int checked(long version) {
        if (version < OLDEST || version > NEWEST) {
            throw new UnsupportedModelException("model '" + model + "' is written for opset " + version
                    + "; expected " + OLDEST + " to " + NEWEST
                    + ". Export it for opset 17, or convert it with onnx.version_converter.");
        }
        return (int) version;
    }

    private Map<String, Constant> constants(GraphProto graph) {
        if (graph.getSparseInitializerCount() > 0) {
            throw new UnsupportedModelException(
                    "model '" + model + "' has sparse weights; expected dense ones. Export it without sparsity.");
        }
        Map<String, Constant> constants = new HashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (constants.put(tensor.getName(), tensors.constant(tensor)) != null) {
                throw new ModelFileException("model '" + model + "' has the weights " + Quoted.of(tensor.getName())
                        + " twice. The file is damaged: export it again.");
            }
        }
        return constants;
    }

    private List<Graph.Input> inputs(GraphProto graph, Map<String, Constant> constants) {
        List<Graph.Input> inputs = new ArrayList<>();
        for (ValueInfoProto input : graph.getInputList()) {
            if (!constants.containsKey(input.getName())) {
                inputs.add(input(input));
            }
        }
        return inputs;
    }

    private Graph.Input input(ValueInfoProto input) {
        String name = "input " + Quoted.of(input.getName()) + " of '" + model + "'";
        TypeProto.Tensor tensor = input.getType().getTensorType();
        ElementType type = ElementType.of(tensor.getElemType())
                .orElseThrow(() -> new UnsupportedModelException(
                        name + " is no tensor of numbers; expected an image. Export the network by itself."));
        if (!tensor.hasShape()) {
            throw new UnsupportedModelException(name
                    + " has no shape; expected [batch, channels, height, width] or [batch, height, width, channels]."
                    + " Export the model with the shape of its input.");
        }
        List<Integer> dims = new ArrayList<>();
        for (TensorShapeProto.Dimension dim : tensor.getShape().getDimList()) {
            boolean isKnown = dim.hasDimValue() && dim.getDimValue() > 0 && dim.getDimValue() <= Integer.MAX_VALUE;
            dims.add(isKnown ? (int) dim.getDimValue() : Graph.OPEN);
        }
        return new Graph.Input(
                input.getName(), type, dims.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Returns what is said of a list of nodes. */
    static String named(List<Node> nodes) {
        return Listed.of(nodes.stream().map(Node::toString).toList());
    }
}
