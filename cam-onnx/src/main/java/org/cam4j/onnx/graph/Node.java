package org.cam4j.onnx.graph;

import java.util.List;
import java.util.Map;
import org.cam4j.exception.Quoted;

/**
 * A node of a graph.
 *
 * @param name its name; may be empty
 * @param domain empty for ONNX's own operators
 * @param operator for example {@code Conv}
 * @param opset the version of ONNX's operators that it is written for
 * @param inputs names of tensors; empty where an optional one is left out
 * @param outputs names of tensors; empty where one is not wanted
 * @param attributes the operator's attributes
 * @param branches the graphs of an {@code If}: then, else; otherwise empty
 */
public record Node(
        String name,
        String domain,
        String operator,
        int opset,
        List<String> inputs,
        List<String> outputs,
        Attributes attributes,
        List<Branch> branches) {

    /**
     * A graph inside a node. It reads tensors of the graph around it.
     *
     * @param nodes in the order in which they run
     * @param constants by name
     * @param outputs names of tensors
     */
    public record Branch(List<Node> nodes, Map<String, Constant> constants, List<String> outputs) {

        /** Copies the lists. */
        public Branch {
            nodes = List.copyOf(nodes);
            constants = Map.copyOf(constants);
            outputs = List.copyOf(outputs);
        }
    }

    /** Copies the lists. */
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        branches = List.copyOf(branches);
    }

    /** Returns the operator with its domain, as a refusal names it. */
    public String qualifiedOperator() {
        return domain.isEmpty() ? operator : domain + "." + operator;
    }

    /** For messages: {@code Conv '/features/0/Conv'}; nodes without a name go by their first output. */
    @Override
    public String toString() {
        String shown = name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name;
        return Quoted.cut(qualifiedOperator()) + " " + Quoted.of(shown);
    }
}
