package org.cam4j.onnx.folding;

import static org.cam4j.onnx.folding.Folding.required;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.graph.Node;

/** Numbers computed entry by entry. */
final class Arithmetic {

    private Arithmetic() {}

    static void addTo(Map<String, Folding.Fold> known) {
        binary(known, "Add", (a, b) -> a + b);
        binary(known, "Sub", (a, b) -> a - b);
        binary(known, "Mul", (a, b) -> a * b);
        binary(known, "Pow", Math::pow);
        binary(known, "Max", Math::max);
        binary(known, "Min", Math::min);
        binary(known, "Sum", (a, b) -> a + b);
        known.put("Div", (node, inputs) -> List.of(division(required(inputs, 0), required(inputs, 1))));
        known.put("Mod", (node, inputs) -> {
            boolean likeC = node.attributes().integer("fmod", 0) != 0;
            DoubleBinaryOperator modulo = likeC ? (a, b) -> a % b : (a, b) -> a - b * Math.floor(a / b);
            return List.of(combined(required(inputs, 0), required(inputs, 1), modulo));
        });
        comparison(known, "Equal", (a, b) -> a == b ? 1 : 0);
        comparison(known, "Less", (a, b) -> a < b ? 1 : 0);
        comparison(known, "LessOrEqual", (a, b) -> a <= b ? 1 : 0);
        comparison(known, "Greater", (a, b) -> a > b ? 1 : 0);
        comparison(known, "GreaterOrEqual", (a, b) -> a >= b ? 1 : 0);
        comparison(known, "And", (a, b) -> a != 0 && b != 0 ? 1 : 0);
        comparison(known, "Or", (a, b) -> a != 0 || b != 0 ? 1 : 0);
        comparison(known, "Xor", (a, b) -> (a != 0) != (b != 0) ? 1 : 0);
        unary(known, "Neg", a -> -a);
        unary(known, "Abs", Math::abs);
        unary(known, "Sqrt", Math::sqrt);
        unary(known, "Exp", Math::exp);
        unary(known, "Log", Math::log);
        unary(known, "Floor", Math::floor);
        unary(known, "Ceil", Math::ceil);
        unary(known, "Round", Math::rint);
        unary(known, "Reciprocal", a -> 1 / a);
        unary(known, "Sin", Math::sin);
        unary(known, "Cos", Math::cos);
        unary(known, "Tanh", Math::tanh);
        unary(known, "Relu", a -> Math.max(a, 0));
        unary(known, "Sigmoid", a -> 1 / (1 + Math.exp(-a)));
        unary(known, "Sign", Math::signum);
        unary(known, "Not", a -> a == 0 ? 1 : 0);
        known.put("Identity", (node, inputs) -> List.of(required(inputs, 0)));
        known.put(
                "Cast",
                (node, inputs) ->
                        List.of(cast(required(inputs, 0), node.attributes().integer("to", 0))));
        known.put(
                "CastLike",
                (node, inputs) ->
                        List.of(held(required(inputs, 0), required(inputs, 1).type())));
        known.put("Clip", (node, inputs) -> {
            double least = bound(node, inputs, 1, "min", Double.NEGATIVE_INFINITY);
            double most = bound(node, inputs, 2, "max", Double.POSITIVE_INFINITY);
            return List.of(each(required(inputs, 0), a -> Math.min(Math.max(a, least), most)));
        });
        known.put("Where", (node, inputs) -> {
            Constant condition = required(inputs, 0);
            Constant yes = required(inputs, 1);
            Constant no = required(inputs, 2);
            int[] dims = Axes.broadcast(condition.dims(), Axes.broadcast(yes.dims(), no.dims()));
            int[] asked = Axes.places(dims, condition.dims());
            int[] first = Axes.places(dims, yes.dims());
            int[] second = Axes.places(dims, no.dims());
            return List.of(Constant.computed(
                    yes.type(), dims, i -> condition.at(asked[i]) != 0 ? yes.at(first[i]) : no.at(second[i])));
        });
        known.put("DequantizeLinear", (node, inputs) -> List.of(Quantized.dequantized(node, inputs)));
        known.put("QuantizeLinear", (node, inputs) -> List.of(Quantized.quantized(node, inputs)));
    }

    private static double bound(Node node, List<Constant> inputs, int index, String attribute, double otherwise) {
        if (index < inputs.size() && inputs.get(index) != null) {
            return inputs.get(index).at(0);
        }
        return node.attributes().has(attribute) ? node.attributes().number(attribute, 0) : otherwise;
    }

    private static void unary(Map<String, Folding.Fold> known, String operator, DoubleUnaryOperator function) {
        known.put(operator, (node, inputs) -> List.of(each(required(inputs, 0), function)));
    }

    private static Constant each(Constant input, DoubleUnaryOperator function) {
        return Constant.computed(input.type(), input.dims(), i -> function.applyAsDouble(input.at(i)));
    }

    private static void binary(Map<String, Folding.Fold> known, String operator, DoubleBinaryOperator function) {
        known.put(operator, (node, inputs) -> {
            Constant result = required(inputs, 0);
            for (int i = 1; i < inputs.size(); i++) {
                result = combined(result, required(inputs, i), function);
            }
            return List.of(result);
        });
    }

    private static void comparison(Map<String, Folding.Fold> known, String operator, DoubleBinaryOperator function) {
        known.put(operator, (node, inputs) -> {
            Constant combined = combined(required(inputs, 0), required(inputs, 1), function);
            return List.of(held(combined, ElementType.BOOL));
        });
    }

    /** Division of integers cuts the fraction off. */
    private static Constant division(Constant first, Constant second) {
        if (first.type().isFloating()) {
            return combined(first, second, (a, b) -> a / b);
        }
        return combined(first, second, (a, b) -> {
            if (b == 0) {
                throw new IllegalArgumentException("an integer is divided by 0");
            }
            double quotient = a / b;
            return quotient < 0 ? Math.ceil(quotient) : Math.floor(quotient);
        });
    }

    private static Constant combined(Constant first, Constant second, DoubleBinaryOperator function) {
        int[] dims = Axes.broadcast(first.dims(), second.dims());
        int[] one = Axes.places(dims, first.dims());
        int[] other = Axes.places(dims, second.dims());
        return Constant.computed(
                first.type(), dims, i -> function.applyAsDouble(first.at(one[i]), second.at(other[i])));
    }

    private static Constant cast(Constant input, int to) {
        return held(
                input,
                ElementType.of(to)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "a cast to the type number " + to + "; expected floats or integers of 8 to 64 bits")));
    }

    private static Constant held(Constant input, ElementType type) {
        if (type == ElementType.FLOAT && input.type().fitsFloat()) {
            return input.as(type);
        }
        return Constant.computed(type, input.dims(), input::at);
    }
}
