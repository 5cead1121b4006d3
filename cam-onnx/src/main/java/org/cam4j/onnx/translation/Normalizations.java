package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.LayerNormalize;

/** Normalizations: of batches (which are scales and shifts by now), layers, instances, groups, and neighbouring channels. */
final class Normalizations {

    private static final float EPSILON = 1e-5f;

    private Normalizations() {}

    static void addTo(Map<String, Operator> known) {
        known.put("BatchNormalization", Normalizations::batch);
        known.put("LayerNormalization", Normalizations::layer);
        known.put("InstanceNormalization", (draft, call) -> {
            Value value = call.value(0);
            Value normalized = grouped(draft, call, value, value.dims()[1]);
            return List.of(perChannel(draft, call, normalized, 1));
        });
        known.put("GroupNormalization", Normalizations::group);
        known.put("LRN", Normalizations::neighbours);
    }

    /** Returns a vector as a tensor [1, channels, 1, ...] that is broadcast to a value. */
    private static Constant channels(Constant vector, int rank) {
        int[] dims = new int[rank - 1];
        Arrays.fill(dims, 1);
        dims[0] = vector.size();
        return vector.reshaped(dims);
    }

    private static List<Tensor> batch(Draft draft, Call call) {
        if (call.attributes().integer("training_mode", 0) != 0) {
            throw new UntranslatedException("training mode");
        }
        Value value = call.value(0);
        int rank = value.dims().length;
        Constant scale = call.constant(1);
        Constant shift = call.constant(2);
        Constant mean = call.constant(3);
        Constant variance = call.constant(4);
        double epsilon = call.attributes().number("epsilon", EPSILON);
        int size = value.dims()[1];
        for (Constant parameter : List.of(scale, shift, mean, variance)) {
            if (parameter.size() != size) {
                throw new IllegalArgumentException("its parameter " + parameter + " is not for " + size + " channels");
            }
        }
        double[] factors = new double[size];
        double[] summands = new double[size];
        for (int i = 0; i < size; i++) {
            factors[i] = scale.at(i) / Math.sqrt(variance.at(i) + epsilon);
            summands[i] = shift.at(i) - mean.at(i) * factors[i];
        }
        return List.of(draft.scaling()
                .of(
                        value,
                        channels(Constant.of(ElementType.DOUBLE, new int[] {size}, factors), rank),
                        channels(Constant.of(ElementType.DOUBLE, new int[] {size}, summands), rank)));
    }

    /** Over all axes from one on. */
    private static List<Tensor> layer(Draft draft, Call call) {
        Value value = call.value(0);
        int rank = value.dims().length;
        int first = Axes.of(call.attributes().integer("axis", -1), rank);
        int[] axes = IntStream.range(first, rank).toArray();
        Value last = draft.arrangement().last(value, axes);
        int entries = Arrangement.product(value.dims(), axes);
        float[] scale = parameter(call, 1, value, axes, 1);
        float[] shift = parameter(call, 2, value, axes, 0);
        int number = draft.steps()
                .add(
                        new LayerNormalize(call.attributes().number("epsilon", EPSILON), scale, shift),
                        draft.arrangement().channels(last, entries));
        return List.of(new Value(number, last.dims(), last.order()));
    }

    private static float[] parameter(Call call, int index, Value value, int[] axes, float otherwise) {
        int[] dims = Arrays.stream(axes).map(axis -> value.dims()[axis]).toArray();
        float[] numbers = new float[Constant.size(dims)];
        Arrays.fill(numbers, otherwise);
        call.optionalConstant(index).ifPresent(constant -> {
            Scaling.requireFinite(constant);
            if (!Arrays.equals(Axes.broadcast(dims, constant.dims()), dims)) {
                throw new IllegalArgumentException(
                        "its parameter " + constant + " is not for a tensor of " + Arrays.toString(value.dims()));
            }
            int[] places = Axes.places(dims, constant.dims());
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) constant.at(places[i]);
            }
        });
        return numbers;
    }

    /** Normalizes each of some groups of channels over its channels and all cells: a layer normalization of rows. */
    private static Value grouped(Draft draft, Call call, Value value, int groups) {
        int[] dims = value.dims();
        if (groups < 1 || dims.length < 3 || dims[1] % groups != 0) {
            throw new IllegalArgumentException(groups + " groups of a tensor of " + Arrays.toString(dims));
        }
        int entries = value.size() / dims[0] / groups;
        Value rows = draft.arrangement().reshaped(value, dims[0], groups, entries);
        Value last = draft.arrangement().last(rows, 2);
        float[] ones = new float[entries];
        Arrays.fill(ones, 1);
        int number = draft.steps()
                .add(
                        new LayerNormalize(call.attributes().number("epsilon", EPSILON), ones, new float[entries]),
                        draft.arrangement().channels(last, entries));
        return draft.arrangement().reshaped(new Value(number, last.dims(), last.order()), dims);
    }

    /** Scales and shifts each channel, or each group of some channels. */
    private static Value perChannel(Draft draft, Call call, Value value, int each) {
        int rank = value.dims().length;
        int size = value.dims()[1];
        Constant scale = call.constant(1);
        Constant shift = call.constant(2);
        if (scale.size() * each != size || shift.size() * each != size) {
            throw new IllegalArgumentException("its parameters " + scale + " and " + shift + " are not for a tensor of "
                    + Arrays.toString(value.dims()));
        }
        return draft.scaling()
                .of(
                        value,
                        channels(Constant.computed(scale.type(), new int[] {size}, i -> scale.at(i / each)), rank),
                        channels(Constant.computed(shift.type(), new int[] {size}, i -> shift.at(i / each)), rank));
    }

    /** Opset 18 has a scale for each group, opset 21 one for each channel. */
    private static List<Tensor> group(Draft draft, Call call) {
        Value value = call.value(0);
        int groups = call.attributes().integer("num_groups", 0);
        Value normalized = grouped(draft, call, value, groups);
        int each = call.opset() < 21 ? value.dims()[1] / groups : 1;
        return List.of(perChannel(draft, call, normalized, each));
    }

    /** {@code x / (bias + alpha / size · Σ x²)^beta}, the sum over neighbouring channels. */
    private static List<Tensor> neighbours(Draft draft, Call call) {
        Value value = call.value(0);
        int channels = value.dims()[1];
        int size = call.attributes().integer("size", 1);
        float alpha = call.attributes().number("alpha", 1e-4f);
        float[][] weights = new float[channels][channels];
        for (int i = 0; i < channels; i++) {
            int from = Math.max(0, i - (size - 1) / 2);
            int to = Math.min(channels - 1, i + size / 2);
            Arrays.fill(weights[i], from, to + 1, alpha / size);
        }
        float[] bias = new float[channels];
        Arrays.fill(bias, call.attributes().number("bias", 1));
        Value squares = draft.steps().activated(value, new Activation(Activation.Function.POWER, 2, 0));
        Value sums = draft.copies().mixed(squares, 1, weights, bias);
        Value roots = Powers.of(draft, sums, -call.attributes().number("beta", 0.75f));
        return List.of(draft.combination().multiply(value, roots));
    }
}
