package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cam4j.onnx.folding.Reductions;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Pooling;

/** Means, sums, largest and smallest numbers and norms over axes. */
final class Reducing {

    private static final Activation SQUARE = new Activation(Function.POWER, 2, 0);
    private static final Activation MAGNITUDE = new Activation(Function.RELU, -1, 0);
    private static final Activation ROOT = new Activation(Function.POWER, 0.5f, 0);

    private Reducing() {}

    static void addTo(Map<String, Operator> known) {
        known.put("ReduceMean", (draft, call) -> List.of(mean(draft, call, call.value(0))));
        known.put("ReduceSum", (draft, call) -> List.of(sum(draft, call, call.value(0))));
        known.put("ReduceMax", (draft, call) -> List.of(maximum(draft, call, call.value(0))));
        known.put("ReduceMin", (draft, call) -> {
            Value negative = draft.scaling().uniform(call.value(0), -1, 0);
            return List.of(draft.scaling().uniform(maximum(draft, call, negative), -1, 0));
        });
        known.put(
                "ReduceSumSquare",
                (draft, call) -> List.of(sum(draft, call, draft.steps().activated(call.value(0), SQUARE))));
        known.put(
                "ReduceL1",
                (draft, call) -> List.of(sum(draft, call, draft.steps().activated(call.value(0), MAGNITUDE))));
        known.put("ReduceL2", (draft, call) -> {
            Value squares = sum(draft, call, draft.steps().activated(call.value(0), SQUARE));
            return List.of(draft.steps().activated(squares, ROOT));
        });
    }

    private static int[] axes(Call call, Value value) {
        return Reductions.axes(call.node(), call.parameters(), value.dims().length);
    }

    private static boolean keeps(Call call) {
        return call.attributes().integer("keepdims", 1) != 0;
    }

    private static Value mean(Draft draft, Call call, Value value) {
        return new Reduction(draft).reduced(value, axes(call, value), Pooling.Kind.AVERAGE, keeps(call));
    }

    private static Value maximum(Draft draft, Call call, Value value) {
        return new Reduction(draft).reduced(value, axes(call, value), Pooling.Kind.MAXIMUM, keeps(call));
    }

    private static Value sum(Draft draft, Call call, Value value) {
        int entries =
                Arrays.stream(axes(call, value)).map(axis -> value.dims()[axis]).reduce(1, Math::multiplyExact);
        return draft.scaling().uniform(mean(draft, call, value), entries, 0);
    }
}
