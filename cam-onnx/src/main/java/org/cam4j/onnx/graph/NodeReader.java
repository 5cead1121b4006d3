package org.cam4j.onnx.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.onnx.schema.AttributeProto;
import org.cam4j.onnx.schema.FunctionProto;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.NodeProto;
import org.cam4j.onnx.schema.OperatorSetIdProto;
import org.cam4j.onnx.schema.TensorProto;
import org.cam4j.onnx.schema.ValueInfoProto;

/** Reads nodes, with the model's own functions replaced by the nodes in them. */
final class NodeReader {

    /** Ten times the largest exports; functions that call functions could make any number. */
    private static final int MOST_NODES = 100_000;

    private static final int DEEPEST = 32;

    private final String model;
    private final TensorReader tensors;
    private final int opset;
    private final Map<String, FunctionProto> functions = new HashMap<>();
    private int count;
    private int calls;

    NodeReader(String model, ModelProto proto, int opset, TensorReader tensors) {
        this.model = model;
        this.opset = opset;
        this.tensors = tensors;
        proto.getFunctionsList()
                .forEach(function -> functions.put(key(function.getDomain(), function.getName()), function));
    }

    private static String key(String domain, String name) {
        return (GraphReader.isOnnx(domain) ? "" : domain) + ":" + name;
    }

    List<Node> nodes(List<NodeProto> listed) {
        List<Node> nodes = new ArrayList<>();
        listed.forEach(node -> add(nodes, node, opset, Scope.OUTERMOST, 0));
        return nodes;
    }

    /**
     * Where a node stands: the names of a function's tensors and attributes at the place of the call.
     *
     * @param tensors the caller's names of the function's inputs and outputs
     * @param prefix put before all other names
     * @param attributes the call's attributes and the function's defaults
     */
    private record Scope(Map<String, String> tensors, String prefix, Map<String, AttributeProto> attributes) {

        static final Scope OUTERMOST = new Scope(Map.of(), "", Map.of());

        String of(String tensor) {
            return tensor.isEmpty() ? "" : tensors.getOrDefault(tensor, prefix + tensor);
        }
    }

    private void add(List<Node> nodes, NodeProto proto, int version, Scope scope, int depth) {
        if (++count > MOST_NODES || depth > DEEPEST) {
            throw new UnsupportedModelException("model '" + model + "' has more than " + MOST_NODES
                    + " nodes, or functions that call each other more than " + DEEPEST
                    + " deep. Export it without functions of its own.");
        }
        FunctionProto function = functions.get(key(proto.getDomain(), proto.getOpType()));
        if (function != null) {
            inline(nodes, proto, function, scope, depth);
            return;
        }
        List<AttributeProto> attributes = attributes(proto, scope);
        List<Node.Branch> branches = new ArrayList<>();
        if (proto.getOpType().equals("If") && GraphReader.isOnnx(proto.getDomain())) {
            Attributes named = Attributes.of(attributes, tensors);
            for (String side : List.of("then_branch", "else_branch")) {
                GraphProto graph = named.graph(side)
                        .orElseThrow(() -> new ModelFileException("model '" + model + "': If "
                                + Quoted.of(proto.getName()) + " has no " + side
                                + ". The file is damaged: export it again."));
                branches.add(branch(graph, version, scope, depth + 1));
            }
        }
        nodes.add(new Node(
                scope.prefix() + proto.getName(),
                GraphReader.isOnnx(proto.getDomain()) ? "" : proto.getDomain(),
                proto.getOpType(),
                version,
                proto.getInputList().stream().map(scope::of).toList(),
                proto.getOutputList().stream().map(scope::of).toList(),
                Attributes.of(attributes, tensors),
                branches));
    }

    private Node.Branch branch(GraphProto graph, int version, Scope scope, int depth) {
        List<Node> inner = new ArrayList<>();
        graph.getNodeList().forEach(node -> add(inner, node, version, scope, depth));
        Map<String, Constant> constants = new HashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            constants.put(scope.of(tensor.getName()), tensors.constant(tensor));
        }
        return new Node.Branch(
                inner,
                constants,
                graph.getOutputList().stream()
                        .map(ValueInfoProto::getName)
                        .map(scope::of)
                        .toList());
    }

    /** Replaces references to the function's attributes by what the call gives. */
    private static List<AttributeProto> attributes(NodeProto proto, Scope scope) {
        List<AttributeProto> resolved = new ArrayList<>();
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (attribute.getRefAttrName().isEmpty()) {
                resolved.add(attribute);
            } else if (scope.attributes().containsKey(attribute.getRefAttrName())) {
                resolved.add(scope.attributes().get(attribute.getRefAttrName()).toBuilder()
                        .setName(attribute.getName())
                        .build());
            }
        }
        return resolved;
    }

    private void inline(List<Node> nodes, NodeProto call, FunctionProto function, Scope scope, int depth) {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < function.getInputCount(); i++) {
            names.put(function.getInput(i), i < call.getInputCount() ? scope.of(call.getInput(i)) : "");
        }
        String prefix =
                scope.prefix() + (call.getName().isEmpty() ? function.getName() : call.getName()) + "#" + calls++ + "/";
        for (int i = 0; i < function.getOutputCount() && i < call.getOutputCount(); i++) {
            if (!call.getOutput(i).isEmpty()) {
                names.put(function.getOutput(i), scope.of(call.getOutput(i)));
            }
        }
        Map<String, AttributeProto> given = new HashMap<>();
        function.getAttributeProtoList().forEach(attribute -> given.put(attribute.getName(), attribute));
        attributes(call, scope).forEach(attribute -> given.put(attribute.getName(), attribute));
        Scope inner = new Scope(names, prefix, given);
        int version = function.getOpsetImportList().stream()
                .filter(imported -> GraphReader.isOnnx(imported.getDomain()))
                .mapToInt(NodeReader::version)
                .findFirst()
                .orElse(opset);
        function.getNodeList().forEach(node -> add(nodes, node, version, inner, depth + 1));
    }

    private static int version(OperatorSetIdProto imported) {
        return (int) Math.min(Integer.MAX_VALUE, imported.getVersion());
    }
}
