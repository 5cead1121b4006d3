package org.cam4j.onnx.translation;

import java.util.List;
import java.util.stream.IntStream;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Softmax;

/** The fused attention of opset 23: {@code softmax(scale · Q Kᵀ + mask) V} for each head. */
final class Attention {

    private Attention() {}

    static List<Tensor> translate(Draft draft, Call call) {
        boolean hasCache = IntStream.range(4, call.inputs().size()).anyMatch(call::has);
        boolean isPlain = call.attributes().integer("is_causal", 0) == 0
                && call.attributes().number("softcap", 0) == 0
                && call.node().outputs().stream().skip(1).allMatch(String::isEmpty);
        if (hasCache || !isPlain) {
            throw new UntranslatedException("caches, caps, causal masks or several outputs of attention");
        }
        boolean isFlat = call.value(0).dims().length == 3;
        Value queries = heads(draft, call, 0, "q_num_heads", isFlat);
        Value keys = heads(draft, call, 1, "kv_num_heads", isFlat);
        Value values = heads(draft, call, 2, "kv_num_heads", isFlat);
        if (queries.dims()[1] != keys.dims()[1]) {
            throw new UntranslatedException("keys of fewer heads than queries");
        }
        int size = queries.dims()[3];
        double scale = call.attributes().has("scale") ? call.attributes().number("scale", 1) : 1 / Math.sqrt(size);
        Value turned = draft.arrangement().transposed(keys, new int[] {0, 1, 3, 2});
        Tensor scores = Matrices.product(draft, draft.scaling().uniform(queries, scale, 0), turned);
        if (call.has(3)) {
            scores = draft.combination().add(scores, call.tensor(3));
        }
        Value last = draft.arrangement().last(Call.requireValue(scores), 3);
        int number = draft.arrangement().channels(last, last.dims()[3]);
        Value shares = new Value(draft.steps().add(new Softmax(), number), last.dims(), last.order());
        Value mixed = Call.requireValue(Matrices.product(draft, shares, values));
        if (!isFlat) {
            return List.of(mixed);
        }
        int[] dims = mixed.dims();
        Value byToken = draft.arrangement().transposed(mixed, new int[] {0, 2, 1, 3});
        return List.of(draft.arrangement().reshaped(byToken, dims[0], dims[2], dims[1] * dims[3]));
    }

    /** Returns [batch, heads, tokens, size] of that, or of [batch, tokens, heads · size]. */
    private static Value heads(Draft draft, Call call, int index, String attribute, boolean isFlat) {
        Value value = call.value(index);
        if (!isFlat) {
            if (value.dims().length != 4) {
                throw new IllegalArgumentException("attention of a tensor of " + value.dims().length + " axes");
            }
            return value;
        }
        int[] dims = value.dims();
        int heads = call.attributes().integer(attribute, 0);
        if (dims.length != 3 || heads < 1 || dims[2] % heads != 0) {
            throw new IllegalArgumentException(heads + " heads of a tensor of " + dims.length + " axes");
        }
        Value apart = draft.arrangement().reshaped(value, dims[0], dims[1], heads, dims[2] / heads);
        return draft.arrangement().transposed(apart, new int[] {0, 2, 1, 3});
    }
}
