package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Known;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.WeightArray;

/** Products of matrices: with weights a dense layer, of two values (as in attention) a product. */
final class Matrices {

    private Matrices() {}

    static void addTo(Map<String, Operator> known) {
        known.put("MatMul", (draft, call) -> List.of(product(draft, call.tensor(0), call.tensor(1))));
        known.put("Gemm", Matrices::gemm);
        known.put("Einsum", Einsum::translate);
        known.put("Attention", Attention::translate);
    }

    private static List<Tensor> gemm(Draft draft, Call call) {
        double alpha = call.attributes().number("alpha", 1);
        double beta = call.attributes().number("beta", 1);
        Tensor first = turned(draft, call.tensor(0), call.attributes().integer("transA", 0) != 0);
        boolean isTurned = call.attributes().integer("transB", 0) != 0;
        boolean hasBias = call.has(2) && beta != 0;
        if (first instanceof Value value
                && call.tensor(1) instanceof Known weights
                && (!hasBias || isRow(call.tensor(2)))) {
            Constant bias = hasBias ? call.constant(2) : null;
            int axis = value.dims().length - 1;
            return List.of(dense(draft, value, axis, weights.constant(), isTurned, alpha, bias, beta));
        }
        Tensor second = turned(draft, call.tensor(1), isTurned);
        Tensor product = scaled(draft, product(draft, first, second), alpha);
        return List.of(hasBias ? draft.combination().add(product, scaled(draft, call.tensor(2), beta)) : product);
    }

    private static boolean isRow(Tensor bias) {
        int[] dims = bias.dims();
        return bias instanceof Known && (dims.length < 2 || dims[0] == 1);
    }

    private static Tensor scaled(Draft draft, Tensor tensor, double factor) {
        return tensor instanceof Known known
                ? new Known(Constant.computed(
                        known.constant().type(),
                        known.dims(),
                        i -> known.constant().at(i) * factor))
                : draft.scaling().uniform(Call.requireValue(tensor), factor, 0);
    }

    private static Tensor turned(Draft draft, Tensor tensor, boolean isTurned) {
        if (!isTurned) {
            return tensor;
        }
        int[] order = {1, 0};
        if (tensor.dims().length != 2) {
            throw new IllegalArgumentException("a Gemm of a tensor of " + Arrays.toString(tensor.dims()));
        }
        return tensor instanceof Known known
                ? new Known(Axes.transposed(known.constant(), order))
                : draft.arrangement().transposed(Call.requireValue(tensor), order);
    }

    static Tensor product(Draft draft, Tensor first, Tensor second) {
        if (second instanceof Known weights && weights.dims().length == 2) {
            Value value = Call.requireValue(first);
            return dense(draft, value, value.dims().length - 1, weights.constant(), false, 1, null, 0);
        }
        if (first instanceof Known weights && weights.dims().length == 2) {
            // A · X is the dense layer of A's rows along the last axis but one of X.
            Value value = Call.requireValue(second);
            int axis = value.dims().length - 2;
            return dense(draft, value, axis, weights.constant(), true, 1, null, 0);
        }
        return ofValues(draft, made(draft, first, second), made(draft, second, first));
    }

    private static Value made(Draft draft, Tensor tensor, Tensor other) {
        if (tensor instanceof Known known) {
            Scaling.requireFinite(known.constant());
            return draft.copies().constant(known.constant(), Call.requireValue(other));
        }
        return Call.requireValue(tensor);
    }

    /**
     * A dense layer along one axis.
     *
     * @param weights [entries read, entries made]
     * @param isTurned whether they are [entries made, entries read], as the plan has them
     * @param bias a row, or a single number; null for none
     */
    private static Value dense(
            Draft draft,
            Value value,
            int axis,
            Constant weights,
            boolean isTurned,
            double alpha,
            Constant bias,
            double beta) {
        int inputs = weights.rank() == 2 ? weights.dim(isTurned ? 1 : 0) : 0;
        if (axis < 0 || weights.rank() != 2 || inputs != value.dims()[axis]) {
            throw new IllegalArgumentException(
                    "its weights " + weights + " are not for a tensor of " + Arrays.toString(value.dims()));
        }
        Scaling.requireFinite(weights);
        int outputs = weights.dim(isTurned ? 0 : 1);
        float[] summands = new float[outputs];
        if (bias != null) {
            Scaling.requireFinite(bias);
            if (bias.size() != outputs && bias.size() != 1) {
                throw new IllegalArgumentException("its bias " + bias + " is not for " + outputs + " outputs");
            }
            for (int i = 0; i < outputs; i++) {
                summands[i] = (float) (beta * bias.at(bias.size() == 1 ? 0 : i));
            }
        }
        int[] read = IntStream.range(0, inputs).toArray();
        Value source = unflattened(draft, value, inputs, read);
        return draft.copies().dense(source, axis, rows(weights, isTurned, read, alpha), summands);
    }

    /** Returns weights row by row, one for each output, read when they are needed. */
    private static WeightArray rows(Constant weights, boolean isTurned, int[] read, double alpha) {
        boolean isInOrder = IntStream.range(0, read.length).allMatch(input -> read[input] == input);
        if (isInOrder && alpha == 1) {
            WeightArray stored = WeightArray.readBy(weights.size(), weights::floats);
            return isTurned ? stored : WeightArray.transposed(stored, read.length);
        }
        return WeightArray.readBy(weights.size(), () -> rowsInOrder(weights, isTurned, read, alpha));
    }

    private static float[] rowsInOrder(Constant weights, boolean isTurned, int[] read, double alpha) {
        int inputs = read.length;
        int outputs = weights.size() / inputs;
        float[] rows = new float[weights.size()];
        for (int output = 0; isTurned && output < outputs; output++) {
            float[] stored = weights.floats(output * inputs, inputs);
            for (int input = 0; input < inputs; input++) {
                rows[output * inputs + input] = (float) (alpha * stored[read[input]]);
            }
        }
        for (int input = 0; !isTurned && input < inputs; input++) {
            float[] stored = weights.floats(read[input] * outputs, outputs);
            for (int output = 0; output < outputs; output++) {
                rows[output * inputs + input] = (float) (alpha * stored[output]);
            }
        }
        return rows;
    }

    /**
     * Returns the value before a map was flattened in the order of its channels, and for each of its entries the weight's row: weights
     * are put into another order instead of numbers of every photo.
     */
    private static Value unflattened(Draft draft, Value value, int inputs, int[] read) {
        Steps steps = draft.steps();
        Optional<Step> maker = steps.maker(value.number());
        if (value.size() == inputs && maker.isPresent()) {
            Step step = maker.get();
            Optional<Step> before = step.operation() instanceof Reshape
                    ? steps.maker(step.inputs().get(0))
                    : Optional.of(step);
            if (before.isPresent() && before.get().operation() instanceof Transpose transpose) {
                int source = before.get().inputs().get(0);
                int[] sizes = steps.shape(source).sizes();
                int[] order =
                        transpose.order().stream().mapToInt(Integer::intValue).toArray();
                int[] strides = Axes.strides(sizes);
                int[] dims = Arrays.stream(order).map(i -> sizes[i]).toArray();
                int[] moved = Arrays.stream(order).map(i -> strides[i]).toArray();
                int[] places = Axes.places(dims, moved, 0);
                for (int i = 0; i < inputs; i++) {
                    read[places[i]] = i;
                }
                return new Value(source, value.dims(), value.order());
            }
        }
        return value;
    }

    /** [.., m, k] times [.., k, n]. */
    private static Value ofValues(Draft draft, Value first, Value second) {
        int rank = Math.max(Math.max(first.dims().length, second.dims().length), 2);
        if (first.dims().length < 2 || second.dims().length < 2) {
            throw new UntranslatedException("a product of a vector and a matrix that both come from the image");
        }
        Value one = first.padded(rank);
        Value other = second.padded(rank);
        int[] batch = Axes.broadcast(Arrays.copyOf(one.dims(), rank - 2), Arrays.copyOf(other.dims(), rank - 2));
        int rows = one.dims()[rank - 2];
        int joined = one.dims()[rank - 1];
        int columns = other.dims()[rank - 1];
        if (other.dims()[rank - 2] != joined) {
            throw new IllegalArgumentException("a product of tensors of " + Arrays.toString(first.dims()) + " and "
                    + Arrays.toString(second.dims()));
        }
        one = draft.arrangement().expanded(one, with(batch, rows, joined));
        other = draft.arrangement().expanded(other, with(batch, joined, columns));
        int count = Constant.size(batch);
        int[] plain = IntStream.range(0, rank).toArray();
        int[] turned = plain.clone();
        turned[rank - 2] = rank - 1;
        turned[rank - 1] = rank - 2;
        int left = draft.steps().as(draft.arrangement().arranged(one, plain).number(), new Shape(count, rows, joined));
        int[] sequence = other.sequence();
        boolean isTurned = sequence.length > 0 && sequence[sequence.length - 1] == rank - 2;
        int right = draft.steps()
                .as(
                        draft.arrangement()
                                .arranged(other, isTurned ? turned : plain)
                                .number(),
                        isTurned ? new Shape(count, columns, joined) : new Shape(count, joined, columns));
        return new Value(draft.steps().add(new MatMul(isTurned), left, right), with(batch, rows, columns), plain);
    }

    private static int[] with(int[] batch, int rows, int columns) {
        int[] dims = Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = rows;
        dims[batch.length + 1] = columns;
        return dims;
    }
}
