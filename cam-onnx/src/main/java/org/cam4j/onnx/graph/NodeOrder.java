package org.cam4j.onnx.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;

/** The order in which nodes run: each after those whose tensors it reads. */
final class NodeOrder {

    private NodeOrder() {}

    /**
     * Sorts nodes; the file's order stays where it is one.
     *
     * @param given the tensors that no node makes
     * @param outputs the tensors that the graph gives
     * @throws ModelFileException if a tensor is missing or made twice, or nodes wait for each other
     */
    static List<Node> of(String model, List<Node> nodes, Set<String> given, List<String> outputs) {
        Map<String, Node> makers = new HashMap<>();
        for (Node node : nodes) {
            for (String output : node.outputs()) {
                if (!output.isEmpty() && (makers.put(output, node) != null || given.contains(output))) {
                    throw new ModelFileException("model '" + model + "' makes the tensor " + Quoted.of(output)
                            + " twice, the second time by " + node + ". The file is damaged: export it again.");
                }
            }
        }
        for (Node node : nodes) {
            for (String read : read(node)) {
                requireMade(model, read, node.toString(), makers, given);
            }
        }
        outputs.forEach(output -> requireMade(model, output, "its output", makers, given));
        return sorted(model, nodes, makers);
    }

    private static void requireMade(
            String model, String tensor, String reader, Map<String, Node> makers, Set<String> given) {
        if (!makers.containsKey(tensor) && !given.contains(tensor)) {
            throw new ModelFileException("model '" + model + "': " + reader + " reads the tensor " + Quoted.of(tensor)
                    + ", which no node makes. The file is damaged: export it again.");
        }
    }

    /** Returns the tensors that a node reads, its inner graphs' included. */
    private static Set<String> read(Node node) {
        Set<String> read = new LinkedHashSet<>(node.inputs());
        read.remove("");
        for (Node.Branch branch : node.branches()) {
            Set<String> inner = new HashSet<>(branch.constants().keySet());
            Set<String> outer = new LinkedHashSet<>();
            for (Node nested : branch.nodes()) {
                outer.addAll(read(nested));
                inner.addAll(nested.outputs());
            }
            outer.addAll(branch.outputs());
            outer.removeAll(inner);
            read.addAll(outer);
        }
        return read;
    }

    private static List<Node> sorted(String model, List<Node> nodes, Map<String, Node> makers) {
        IdentityHashMap<Node, Integer> missing = new IdentityHashMap<>();
        IdentityHashMap<Node, List<Node>> readers = new IdentityHashMap<>();
        Deque<Node> ready = new ArrayDeque<>();
        for (Node node : nodes) {
            Set<Node> sources = Collections.newSetFromMap(new IdentityHashMap<>());
            for (String read : read(node)) {
                Node maker = makers.get(read);
                if (maker != null && sources.add(maker)) {
                    readers.computeIfAbsent(maker, key -> new ArrayList<>()).add(node);
                }
            }
            missing.put(node, sources.size());
            if (sources.isEmpty()) {
                ready.add(node);
            }
        }
        List<Node> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            Node node = ready.remove();
            ordered.add(node);
            for (Node reader : readers.getOrDefault(node, List.of())) {
                int left = missing.get(reader) - 1;
                missing.put(reader, left);
                if (left == 0) {
                    ready.add(reader);
                }
            }
        }
        if (ordered.size() < nodes.size()) {
            List<Node> waiting =
                    nodes.stream().filter(node -> missing.get(node) > 0).toList();
            throw new ModelFileException("model '" + model + "' has nodes that wait for each other: "
                    + GraphReader.named(waiting) + ". The file is damaged: export it again.");
        }
        return ordered;
    }
}
