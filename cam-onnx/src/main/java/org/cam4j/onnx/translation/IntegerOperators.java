package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cam4j.onnx.graph.Attributes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.graph.Graph;
import org.cam4j.onnx.graph.Node;

/**
 * Operators on integers, as ONNX Runtime's quantizer writes them ({@code QLinearConv}, {@code com.microsoft.QLinearAdd}, {@code
 * MatMulInteger} ...), spelled out as operators on floats between DequantizeLinear and QuantizeLinear.
 *
 * <p>Their definitions are in ONNX's "Operators" and ONNX Runtime's "Contrib operators".
 */
final class IntegerOperators {

    /** No tensor of a file is named so. */
    private static final char MARK = '\0';

    private static final String ONE = MARK + "one";

    private static final String MICROSOFT = "com.microsoft";

    /** How one operator is spelled out. */
    @FunctionalInterface
    private interface Spelling {
        void write(Replacement to);
    }

    private static final Map<String, Spelling> KNOWN = known();

    private IntegerOperators() {}

    private static Map<String, Spelling> known() {
        Map<String, Spelling> known = new HashMap<>();
        known.put("QLinearConv", to -> {
            String bias = to.has(8) ? to.bias(8, 1, 4, 0) : "";
            to.quantized("Conv", 6, to.floats(0), to.floats(3, 0), bias);
        });
        known.put("QLinearMatMul", to -> to.quantized("MatMul", 6, to.floats(0), to.floats(3, -1)));
        known.put(MICROSOFT + ".QGemm", to -> {
            String bias = to.has(6) ? to.bias(6, 1, 4, -1) : "";
            int axis = to.node.attributes().integer("transB", 0) == 0 ? 1 : 0;
            to.quantized("Gemm", 7, to.floats(0), to.floats(3, axis), bias);
        });
        known.put(MICROSOFT + ".QLinearAdd", to -> to.quantized("Add", 6, to.floats(0), to.floats(3)));
        known.put(MICROSOFT + ".QLinearMul", to -> to.quantized("Mul", 6, to.floats(0), to.floats(3)));
        for (String operator : List.of("AveragePool", "GlobalAveragePool", "LeakyRelu", "Sigmoid", "Softmax")) {
            known.put(MICROSOFT + ".QLinear" + operator, to -> to.quantized(operator, 3, to.floats(0)));
        }
        known.put(MICROSOFT + ".QLinearConcat", to -> {
            List<String> parts = new ArrayList<>();
            for (int i = 2; i < to.node.inputs().size(); i += 3) {
                parts.add(to.floats(i));
            }
            to.quantized("Concat", 0, parts.toArray(new String[0]));
        });
        known.put("ConvInteger", to -> to.end("Conv", to.centred(0, 2, 1), to.centred(1, 3, 0)));
        known.put("MatMulInteger", to -> to.end("MatMul", to.centred(0, 2, 1), to.centred(1, 3, -1)));
        return Map.copyOf(known);
    }

    /** Returns a graph without these operators; the graph itself if it has none. */
    static Graph spelledOut(Graph graph) {
        if (graph.nodes().stream().noneMatch(IntegerOperators::knows)) {
            return graph;
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (knows(node)) {
                KNOWN.get(node.qualifiedOperator()).write(new Replacement(node, nodes));
            } else {
                nodes.add(node);
            }
        }
        Map<String, Constant> constants = new HashMap<>(graph.constants());
        constants.put(ONE, Constant.of(ElementType.FLOAT, new int[0], new float[] {1}));
        return new Graph(graph.inputs(), nodes, constants, graph.outputs());
    }

    /** Whether a tensor is none of the file's. */
    static boolean isMade(String tensor) {
        return tensor.indexOf(MARK) >= 0;
    }

    /** Whether a node is none of the file's. */
    static boolean isMade(Node node) {
        return Stream.concat(node.inputs().stream(), node.outputs().stream()).anyMatch(IntegerOperators::isMade);
    }

    /** Returns the file's tensor for which a tensor is made; that tensor itself if it is the file's. */
    static String original(String tensor) {
        int mark = tensor.indexOf(MARK);
        return mark < 0 ? tensor : tensor.substring(0, mark);
    }

    /** Channels last, and a factor before a product with a bias, are left to a refusal: ONNX Runtime's quantizer writes neither. */
    private static boolean knows(Node node) {
        boolean isScaled = node.operator().equals("QGemm") && node.attributes().number("alpha", 1) != 1;
        return KNOWN.containsKey(node.qualifiedOperator())
                && !node.outputs().isEmpty()
                && node.attributes().integer("channels_last", 0) == 0
                && !isScaled;
    }

    /** The nodes that one node becomes. */
    private static final class Replacement {

        private final Node node;
        private final List<Node> nodes;
        private int count;

        Replacement(Node node, List<Node> nodes) {
            this.node = node;
            this.nodes = nodes;
        }

        boolean has(int index) {
            return !input(index).isEmpty();
        }

        private String input(int index) {
            return index < node.inputs().size() ? node.inputs().get(index) : "";
        }

        /** Dequantizes an input, which its scale and zero follow. */
        String floats(int index) {
            return floats(index, 1);
        }

        /** Dequantizes an input, which its scales and zeros follow, along an axis. */
        String floats(int index, int axis) {
            return add("DequantizeLinear", axis(axis), input(index), input(index + 1), input(index + 2));
        }

        /** Takes the zeros from integers. */
        String centred(int index, int zeros, int axis) {
            return add("DequantizeLinear", axis(axis), input(index), ONE, input(zeros));
        }

        /** Dequantizes a bias, whose scale is the product of two others. */
        String bias(int index, int scale, int otherScale, int axis) {
            String product = add("Mul", Attributes.none(), input(scale), input(otherScale));
            return add("DequantizeLinear", axis(axis), input(index), product);
        }

        /** Applies an operator and quantizes the result by an input and the one behind it; without these it stays float. */
        void quantized(String operator, int scale, String... inputs) {
            if (has(scale)) {
                String floats = add(operator, node.attributes(), inputs);
                end("QuantizeLinear", floats, input(scale), input(scale + 1));
            } else {
                end(operator, inputs);
            }
        }

        void end(String operator, String... inputs) {
            Attributes attributes = operator.equals("QuantizeLinear") ? Attributes.none() : node.attributes();
            add(operator, attributes, node.outputs().get(0), inputs);
        }

        private static Attributes axis(int axis) {
            return Attributes.of("axis", axis);
        }

        private String add(String operator, Attributes attributes, String... inputs) {
            count++;
            return add(operator, attributes, node.outputs().get(0) + MARK + count, inputs);
        }

        private String add(String operator, Attributes attributes, String output, String[] inputs) {
            nodes.add(new Node(
                    node.name(), "", operator, node.opset(), List.of(inputs), List.of(output), attributes, List.of()));
            return output;
        }
    }
}
