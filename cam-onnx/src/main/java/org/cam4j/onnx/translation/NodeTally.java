package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cam4j.onnx.graph.Graph;
import org.cam4j.onnx.graph.Node;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.Softmax;

/** Counts what becomes of a graph's nodes, for the notes that {@code inspect} prints. */
final class NodeTally {

    private static final Set<String> IDLE = Set.of("Identity", "Dropout", "Cast");

    private static final Set<String> LAYOUT = Set.of("Identity", "Cast", "Transpose");

    private static final Set<String> PREPARING = Set.of("Sub", "Div", "Mul", "Add", "Resize", "Upsample");

    private final Map<String, Integer> folded = new TreeMap<>();
    private final Map<String, Integer> dropped = new TreeMap<>();
    private final Map<String, Integer> translated = new TreeMap<>();

    /** Counts a node whose outputs depend on no image, unless it is a constant in itself. */
    void fold(Node node) {
        if (!node.operator().equals("Constant")) {
            folded.merge(node.operator(), 1, Integer::sum);
        }
    }

    /** Counts a node that computes something of the image. */
    void translate(Node node) {
        (IDLE.contains(node.operator()) ? dropped : translated).merge(node.operator(), 1, Integer::sum);
    }

    /**
     * Says what was counted.
     *
     * @param isKnown whether a tensor depends on no image
     */
    List<String> notes(Graph graph, String image, Predicate<String> isKnown, InferencePlan plan) {
        List<String> notes = new ArrayList<>();
        if (!folded.isEmpty()) {
            notes.add("computed once, because they depend on no image: " + listed(folded));
        }
        if (!dropped.isEmpty()) {
            notes.add("dropped, because they change nothing: " + listed(dropped));
        }
        Map<String, Integer> pieces = pieces(plan);
        if (!pieces.isEmpty()) {
            notes.add("computed as one step, though written in pieces: " + listed(pieces));
        }
        List<String> preparing = preparing(graph, image, isKnown);
        if (!preparing.isEmpty()) {
            notes.add("the graph itself prepares the image, by " + String.join(", ", preparing)
                    + ": photos need the preprocessing 'none' if that is all");
        }
        return notes;
    }

    private static String listed(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Counts the operations of the plan that no single node asked for. An error function by itself is computed by a GELU, too. */
    private Map<String, Integer> pieces(InferencePlan plan) {
        Set<Integer> read =
                Dependencies.leadingTo(plan, new HashSet<>(plan.outputs().values()));
        List<Step> steps = plan.steps().stream()
                .filter(step -> read.contains(step.value()))
                .toList();
        Map<String, Integer> pieces = new TreeMap<>();
        put(
                pieces,
                "layer normalization",
                steps.stream().filter(step -> step.operation() instanceof LayerNormalize),
                "LayerNormalization",
                "InstanceNormalization",
                "GroupNormalization");
        put(
                pieces,
                "softmax",
                steps.stream().filter(step -> step.operation() instanceof Softmax),
                "Softmax",
                "LogSoftmax",
                "Attention");
        put(
                pieces,
                "GELU or error function",
                steps.stream().filter(step -> isActivation(step, Activation.Function.GELU)),
                "Gelu");
        return pieces;
    }

    private static boolean isActivation(Step step, Activation.Function function) {
        return step.operation() instanceof Activate activate
                && activate.activation().function() == function;
    }

    private void put(Map<String, Integer> pieces, String name, Stream<Step> steps, String... operators) {
        int asked = 0;
        for (String operator : operators) {
            asked += translated.getOrDefault(operator, 0);
        }
        int count = (int) steps.count() - asked;
        if (count > 0) {
            pieces.put(name, count);
        }
    }

    /** Returns the operators between the image and the first layer, if there are any. */
    private static List<String> preparing(Graph graph, String image, Predicate<String> isKnown) {
        List<String> preparing = new ArrayList<>();
        String tensor = image;
        Optional<Node> next = onlyReader(graph, tensor);
        while (next.isPresent()) {
            Node node = next.get();
            boolean isPreparing = PREPARING.contains(node.operator()) && readsKnown(node, tensor, isKnown);
            if (!isPreparing && !LAYOUT.contains(node.operator())) {
                break;
            }
            if (isPreparing) {
                preparing.add(node.operator());
            }
            tensor = node.outputs().get(0);
            next = onlyReader(graph, tensor);
        }
        return preparing;
    }

    private static boolean readsKnown(Node node, String tensor, Predicate<String> isKnown) {
        return node.inputs().stream().allMatch(read -> read.isEmpty() || read.equals(tensor) || isKnown.test(read));
    }

    private static Optional<Node> onlyReader(Graph graph, String tensor) {
        List<Node> readers = graph.nodes().stream()
                .filter(node -> node.inputs().contains(tensor))
                .toList();
        return readers.size() == 1 ? Optional.of(readers.get(0)) : Optional.empty();
    }
}
