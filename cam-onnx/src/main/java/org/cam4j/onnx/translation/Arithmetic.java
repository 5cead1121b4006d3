package org.cam4j.onnx.translation;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.cam4j.onnx.folding.Folding;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Elementwise.Kind;

/** Sums, products and the like of tensors. */
final class Arithmetic {

    private Arithmetic() {}

    private interface Pairwise {
        Tensor of(Draft draft, Tensor first, Tensor second);
    }

    static void addTo(Map<String, Operator> known) {
        joining(known, "Add", (draft, a, b) -> draft.combination().add(a, b));
        joining(known, "Sum", (draft, a, b) -> draft.combination().add(a, b));
        joining(known, "Mul", (draft, a, b) -> draft.combination().multiply(a, b));
        joining(known, "Sub", (draft, a, b) -> draft.combination().subtract(a, b));
        joining(known, "Div", (draft, a, b) -> draft.combination().divide(a, b));
        joining(known, "Max", (draft, a, b) -> draft.combination().extreme(Kind.MAXIMUM, a, b));
        joining(known, "Min", (draft, a, b) -> draft.combination().extreme(Kind.MINIMUM, a, b));
        known.put("Mean", (draft, call) -> {
            Tensor sum = folded(call, (a, b) -> draft.combination().add(a, b));
            return List.of(draft.scaling()
                    .uniform(Call.requireValue(sum), 1.0 / call.inputs().size(), 0));
        });
        known.put("Pow", Arithmetic::power);
        known.put("Neg", (draft, call) -> List.of(draft.scaling().uniform(call.value(0), -1, 0)));
        known.put("Abs", (draft, call) -> {
            Value value = call.value(0);
            return List.of(draft.combination()
                    .extreme(Kind.MAXIMUM, value, draft.scaling().uniform(value, -1, 0)));
        });
        for (String nothing : List.of("Identity", "Dropout")) {
            known.put(nothing, (draft, call) -> List.of(call.tensor(0)));
        }
        known.put("Cast", Arithmetic::cast);
        known.put("CastLike", (draft, call) -> List.of(call.tensor(0)));
    }

    private static void joining(Map<String, Operator> known, String operator, Pairwise pairwise) {
        known.put(operator, (draft, call) -> List.of(folded(call, (a, b) -> pairwise.of(draft, a, b))));
    }

    private static Tensor folded(Call call, BinaryOperator<Tensor> pairwise) {
        Tensor result = call.tensor(0);
        for (int i = 1; i < call.inputs().size(); i++) {
            result = bothKnown(result, call.tensor(i))
                    ? known(call, result, call.tensor(i))
                    : pairwise.apply(result, call.tensor(i));
        }
        return result;
    }

    private static boolean bothKnown(Tensor first, Tensor second) {
        return first instanceof Tensor.Known && second instanceof Tensor.Known;
    }

    private static Tensor known(Call call, Tensor first, Tensor second) {
        return new Tensor.Known(
                Folding.of(call.node(), List.of(((Tensor.Known) first).constant(), ((Tensor.Known) second).constant()))
                        .get(0));
    }

    private static List<Tensor> power(Draft draft, Call call) {
        Constant exponent = call.constant(1);
        if (!exponent.isUniform()) {
            throw new UntranslatedException("powers of several exponents");
        }
        Value value = draft.arrangement().expanded(call.value(0), exponent.dims());
        return List.of(Powers.of(draft, value, exponent.at(0)));
    }

    /** Numbers computed from the image are floats here, whatever a model makes them; integers cannot be held. */
    private static List<Tensor> cast(Draft draft, Call call) {
        int to = call.attributes().integer("to", 0);
        boolean isFloating = ElementType.of(to).map(ElementType::isFloating).orElse(false);
        if (!isFloating) {
            throw new UntranslatedException("numbers of the image rounded to integers");
        }
        return List.of(call.tensor(0));
    }
}
