package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.exception.Listed;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.onnx.folding.Folding;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.Graph;
import org.cam4j.onnx.graph.Node;
import org.cam4j.onnx.translation.Tensor.Known;
import org.cam4j.onnx.translation.Tensor.Missing;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.TooLargeException;

/**
 * Makes a plan of a graph, node by node, for one image: every tensor is computed now if it depends on no image, otherwise by steps.
 *
 * <p>One translation for each instance.
 */
public final class Translator {

    private static final Missing MISSING = new Missing(new int[0]);

    /** Operators that move numbers, or choose among them: they work on integers as on floats. */
    private static final Set<String> MOVING = Set.of(
            "DepthToSpace",
            "Expand",
            "Flatten",
            "Gather",
            "Identity",
            "MaxPool",
            "Reshape",
            "Resize",
            "Slice",
            "SpaceToDepth",
            "Split",
            "Squeeze",
            "Tile",
            "Transpose",
            "Unsqueeze");

    private static final Set<String> ARITHMETIC = Set.of("Add", "Sub", "Mul", "Div", "Max", "Min");

    private final String model;
    private final Graph graph;
    private final ImageInput input;
    private final Draft draft;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final NodeTally tally = new NodeTally();
    private final List<String> obstacles = new ArrayList<>();
    private long folded;

    private Translator(String model, Graph graph, ImageInput input) {
        this.model = model;
        this.graph = graph;
        this.input = input;
        this.draft = Draft.of(input.shape());
    }

    /**
     * Translates a graph.
     *
     * @param model the file's name, for messages
     * @param graph what to translate
     * @param height rows of the image
     * @param width columns of the image
     * @throws UnsupportedModelException if no plan expresses a node; the message names all of them
     * @throws ModelFileException if sizes do not fit each other
     */
    public static Translation translate(String model, Graph graph, int height, int width) {
        return new Translator(model, IntegerOperators.spelledOut(graph), ImageInput.of(model, graph, height, width))
                .translated();
    }

    private Translation translated() {
        graph.constants().forEach((name, constant) -> tensors.put(name, new Known(constant)));
        tensors.put(input.name(), input.value());
        Set<String> needed = needed();
        for (Node node : graph.nodes()) {
            if (node.outputs().stream().anyMatch(needed::contains)) {
                run(node);
            }
        }
        InferencePlan plan = draft.steps().plan(outputs());
        notes.addAll(tally.notes(graph, input.name(), name -> tensors.get(name) instanceof Known, plan));
        return new Translation(plan, places(), List.copyOf(notes));
    }

    /** Returns the tensors that lead to an output. */
    private Set<String> needed() {
        Set<String> needed = new HashSet<>(graph.outputs());
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                read(node, needed);
            }
        }
        return needed;
    }

    private static void read(Node node, Set<String> needed) {
        needed.addAll(node.inputs());
        for (Node.Branch branch : node.branches()) {
            needed.addAll(branch.outputs());
            branch.nodes().forEach(inner -> read(inner, needed));
        }
    }

    // ---- nodes ----

    private void run(Node node) {
        List<Tensor> results;
        try {
            results = results(node);
        } catch (UntranslatedException e) {
            obstacles.add(node + " (" + e.getMessage() + ")");
            results = List.of();
        } catch (TooLargeException e) {
            throw new UnsupportedModelException(
                    "model '" + model + "' is too large: " + node + ": " + e.getMessage() + ".", e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ModelFileException(
                    "model '" + model + "': " + node + " does not fit its inputs: " + e.getMessage()
                            + ". The file is damaged, or for another input size: export the model again.",
                    e);
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            tensors.put(node.outputs().get(i), i < results.size() ? results.get(i) : MISSING);
        }
    }

    private List<Tensor> results(Node node) {
        List<Tensor> inputs = new ArrayList<>();
        for (String read : node.inputs()) {
            Tensor tensor = read.isEmpty() ? null : tensors.get(read);
            if (tensor instanceof Missing) {
                return List.of();
            }
            inputs.add(tensor);
        }
        if (!node.branches().isEmpty()) {
            return branch(node, inputs);
        }
        boolean isKnown = inputs.stream().allMatch(tensor -> tensor == null || tensor instanceof Known);
        if (isKnown && Folding.knows(node)) {
            return fold(node, inputs);
        }
        draft.steps()
                .name(
                        node.outputs().isEmpty()
                                ? node.name()
                                : IntegerOperators.original(node.outputs().get(0)));
        Operator operator = Operators.of(closing(node))
                .orElseThrow(() -> new UntranslatedException(
                        Folding.knows(node) ? "of numbers that are computed from the image" : "unknown here"));
        if (MOVING.contains(node.operator())
                && !inputs.isEmpty()
                && inputs.get(0) instanceof Tensor.Quantized quantized) {
            inputs.set(0, quantized.value());
            return translated(operator, node, inputs).stream()
                    .<Tensor>map(moved -> new Tensor.Quantized((Value) moved, quantized.scale(), quantized.zero()))
                    .toList();
        }
        return translated(operator, node, inputs);
    }

    private List<Tensor> translated(Operator operator, Node node, List<Tensor> inputs) {
        List<Tensor> results = operator.translate(draft, new Call(node, plain(node, input.withoutBatch(node, inputs))));
        if (IntegerOperators.isMade(node)) {
            return results;
        }
        if (results.stream().allMatch(Known.class::isInstance)) {
            tally.fold(node);
        } else {
            tally.translate(node);
        }
        return results;
    }

    /** Makes values of error functions, except where they may become part of a GELU. */
    private List<Tensor> plain(Node node, List<Tensor> inputs) {
        if (ARITHMETIC.contains(node.operator())) {
            return inputs;
        }
        List<Tensor> plain = new ArrayList<>(inputs);
        plain.replaceAll(tensor ->
                tensor instanceof Tensor.ErrorFunction erf ? draft.combination().plain(erf) : tensor);
        return plain;
    }

    /** At the end of a graph, the logarithm of the probabilities is read as the probabilities. */
    private Node closing(Node node) {
        if (node.domain().isEmpty()
                && node.operator().equals("LogSoftmax")
                && graph.outputs().contains(node.outputs().get(0))) {
            notes.add("the logarithm at the output " + Quoted.of(node.outputs().get(0))
                    + " is left out: scores are probabilities");
            return new Node(
                    node.name(),
                    "",
                    "Softmax",
                    node.opset(),
                    node.inputs(),
                    node.outputs(),
                    node.attributes(),
                    List.of());
        }
        if (node.operator().equals("DynamicQuantizeLinear")) {
            notes.add("integers of DynamicQuantizeLinear are computed in float32: not rounded");
        }
        if (node.operator().equals("QuantizeLinear")) {
            notes.add(
                    "integers between QuantizeLinear and DequantizeLinear are computed in float32: not rounded, but cut"
                            + " to their range");
        }
        return node;
    }

    private List<Tensor> fold(Node node, List<Tensor> inputs) {
        if (!IntegerOperators.isMade(node)) {
            tally.fold(node);
        }
        List<Constant> constants = new ArrayList<>();
        inputs.forEach(tensor -> constants.add(tensor == null ? null : ((Known) tensor).constant()));
        List<Constant> results = Folding.of(node, constants);
        for (Constant result : results) {
            folded += result.bytes();
        }
        if (folded > Runtime.getRuntime().maxMemory() / 2) {
            throw new IllegalArgumentException("up to it, " + (folded >> 20)
                    + " MiB of constants are computed; expected at most half of this JVM's memory");
        }
        return results.stream().<Tensor>map(Known::new).toList();
    }

    private List<Tensor> branch(Node node, List<Tensor> inputs) {
        if (inputs.isEmpty() || !(inputs.get(0) instanceof Known condition)) {
            throw new UntranslatedException("a choice that depends on the image");
        }
        Node.Branch taken = node.branches().get(condition.constant().at(0) != 0 ? 0 : 1);
        taken.constants().forEach((name, constant) -> tensors.put(name, new Known(constant)));
        taken.nodes().forEach(this::run);
        List<Tensor> results = new ArrayList<>();
        for (String output : taken.outputs()) {
            Tensor result = tensors.get(output);
            if (result == null) {
                throw new IllegalArgumentException("its graph gives " + Quoted.of(output) + ", which no node makes");
            }
            results.add(result);
        }
        return results;
    }

    // ---- outputs ----

    /** Returns the outputs that may be scores of classes: one number a class. */
    private Map<String, Integer> outputs() {
        Map<String, Integer> outputs = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        for (String output : graph.outputs()) {
            Tensor tensor = tensors.get(output) instanceof Tensor.ErrorFunction erf
                    ? draft.combination().plain(erf)
                    : tensors.get(output);
            if (tensor instanceof Value made) {
                Value value = withoutSaturation(output, made);
                tensors.put(output, value);
                long axes = Arrays.stream(value.dims()).filter(dim -> dim > 1).count();
                if (axes <= 1 && (value.dims().length < 2 || value.dims()[0] == 1)) {
                    outputs.put(output, value.number());
                } else {
                    others.add(Quoted.of(output) + " " + Arrays.toString(value.dims()));
                }
            } else if (!(tensor instanceof Missing)) {
                others.add(Quoted.of(output) + ", which does not depend on the image");
            }
        }
        if (outputs.isEmpty() && !obstacles.isEmpty()) {
            throw new UnsupportedModelException(
                    "model '" + model + "' has nodes that cam4j cannot compute: " + Listed.of(obstacles, "; ")
                            + ". Export it for opset 17 with ONNX's own operators, as a classifier of one image.",
                    obstacles);
        }
        if (outputs.isEmpty()) {
            throw new UnsupportedModelException("model '" + model + "' gives " + Listed.of(others)
                    + "; expected scores of classes, [batch, classes]. A class activation map is of a classifier: this looks"
                    + " like a detector, a segmentation or a feature extractor.");
        }
        obstacles.forEach(obstacle -> notes.add("not computed, for an output that is not shown: " + obstacle));
        others.forEach(other -> notes.add("the output " + other + " holds no scores of classes"));
        return outputs;
    }

    /** Returns the scores before they were cut to a range of integers. */
    private Value withoutSaturation(String output, Value value) {
        boolean isDequantized = graph.nodes().stream()
                .anyMatch(node -> node.operator().equals("DequantizeLinear")
                        && node.outputs().contains(output));
        Optional<Step> maker = draft.steps().maker(value.number());
        if (isDequantized
                && maker.isPresent()
                && maker.get().operation() instanceof Activate activate
                && activate.activation().function() == Activation.Function.CLIP) {
            notes.add("the scores " + Quoted.of(output) + " are not cut to the range of their integers");
            return new Value(maker.get().inputs().get(0), value.dims(), value.order());
        }
        return value;
    }

    private Map<String, Place> places() {
        Map<String, Place> places = new HashMap<>();
        Set<Integer> named = new HashSet<>();
        tensors.forEach((name, tensor) -> {
            if (tensor instanceof Value value && !IntegerOperators.isMade(name)) {
                places.put(name, place(value));
                named.add(value.number());
            }
        });
        tensors.forEach((name, tensor) -> {
            if (tensor instanceof Tensor.Quantized quantized
                    && !IntegerOperators.isMade(name)
                    && !named.contains(quantized.value().number())) {
                places.put(name, place(quantized.value()));
            }
        });
        return places;
    }

    private static Place place(Value value) {
        return new Place(value.number(), value.dims(), value.order());
    }
}
