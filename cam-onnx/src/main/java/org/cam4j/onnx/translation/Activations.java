package org.cam4j.onnx.translation;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Attributes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Softmax;

/** Functions of one number, and softmax. */
final class Activations {

    private static final float SELU_ALPHA = 1.6732632f;
    private static final float SELU_GAMMA = 1.050701f;

    private Activations() {}

    static void addTo(Map<String, Operator> known) {
        plain(known, "Relu", Activation.RELU);
        plain(known, "Sigmoid", Activation.SIGMOID);
        plain(known, "Tanh", Activation.of(Activation.Function.TANH));
        plain(known, "Softplus", Activation.of(Activation.Function.SOFTPLUS));
        plain(known, "Softsign", Activation.of(Activation.Function.SOFTSIGN));
        plain(known, "Mish", Activation.of(Activation.Function.MISH));
        plain(known, "Exp", Activation.of(Activation.Function.EXPONENTIAL));
        plain(known, "Sqrt", new Activation(Activation.Function.POWER, 0.5f, 0));
        plain(known, "Reciprocal", new Activation(Activation.Function.POWER, -1, 0));
        // The shares of one number are no gates of products: 1/6 and 1/2 are ONNX's.
        plain(known, "HardSwish", new Activation(Activation.Function.HARD_SWISH, 1f / 6, 0.5f));
        described(known, "LeakyRelu", of -> new Activation(Activation.Function.RELU, of.number("alpha", 0.01f), 0));
        described(known, "Elu", of -> new Activation(Activation.Function.ELU, of.number("alpha", 1), 0));
        described(
                known,
                "Selu",
                of -> new Activation(
                        Activation.Function.SCALED_ELU,
                        of.number("alpha", SELU_ALPHA),
                        of.number("gamma", SELU_GAMMA)));
        described(
                known,
                "HardSigmoid",
                of -> new Activation(
                        Activation.Function.HARD_SIGMOID, of.number("alpha", 0.2f), of.number("beta", 0.5f)));
        described(
                known,
                "ThresholdedRelu",
                of -> new Activation(Activation.Function.THRESHOLD, of.number("alpha", 1), 0));
        described(known, "Swish", of -> new Activation(Activation.Function.SWISH, of.number("alpha", 1), 0));
        described(
                known,
                "Gelu",
                of -> Activation.of(
                        of.text("approximate", "none").equals("tanh")
                                ? Activation.Function.GELU_TANH
                                : Activation.Function.GELU));
        known.put("Celu", Activations::celu);
        known.put("Clip", Activations::clip);
        known.put("PRelu", Activations::parametricRelu);
        known.put("Softmax", Activations::softmax);
        known.put("Erf", Activations::errorFunction);
    }

    private static void plain(Map<String, Operator> known, String operator, Activation activation) {
        described(known, operator, attributes -> activation);
    }

    private static void described(
            Map<String, Operator> known, String operator, Function<Attributes, Activation> activation) {
        known.put(
                operator,
                (draft, call) -> List.of(draft.steps().activated(call.value(0), activation.apply(call.attributes()))));
    }

    /** {@code α · elu(x / α)}. */
    private static List<Tensor> celu(Draft draft, Call call) {
        double alpha = call.attributes().number("alpha", 1);
        Value inner = draft.scaling().uniform(call.value(0), 1 / alpha, 0);
        Value elu = draft.steps().activated(inner, new Activation(Activation.Function.ELU, 1, 0));
        return List.of(draft.scaling().uniform(elu, alpha, 0));
    }

    private static List<Tensor> clip(Draft draft, Call call) {
        float least = bound(call, 1, "min", Float.NEGATIVE_INFINITY);
        float most = bound(call, 2, "max", Float.POSITIVE_INFINITY);
        boolean isRelu = least == 0 && most == Float.POSITIVE_INFINITY;
        return List.of(draft.steps()
                .activated(
                        call.value(0),
                        isRelu ? Activation.RELU : new Activation(Activation.Function.CLIP, least, most)));
    }

    private static float bound(Call call, int index, String attribute, float open) {
        float bound = call.optionalConstant(index)
                .map(constant -> (float) constant.at(0))
                .orElseGet(() -> call.attributes().number(attribute, open));
        // The largest float as a bound is how exporters write none.
        return Math.abs(bound) == Float.MAX_VALUE ? Math.copySign(Float.POSITIVE_INFINITY, bound) : bound;
    }

    private static List<Tensor> parametricRelu(Draft draft, Call call) {
        Value value = call.value(0);
        Constant slope = call.constant(1);
        Scaling.requireFinite(slope);
        if (slope.isUniform()) {
            return List.of(
                    draft.steps().activated(value, new Activation(Activation.Function.RELU, (float) slope.at(0), 0)));
        }
        // The slopes in the value's order, as a factor would have them.
        int[] dims = Axes.broadcast(value.dims(), slope.dims());
        Value whole = draft.arrangement().expanded(value, dims);
        float[] slopes = draft.scaling().numbers(whole, slope);
        int number = draft.arrangement().channels(whole, slopes.length);
        return List.of(new Value(draft.steps().add(new ParametricRelu(slopes), number), whole.dims(), whole.order()));
    }

    /** Over one axis from opset 13 on; before that, over all axes from one on. */
    private static List<Tensor> softmax(Draft draft, Call call) {
        Value value = call.value(0);
        int rank = value.dims().length;
        boolean isOld = call.opset() < 13;
        int axis = Axes.of(call.attributes().integer("axis", isOld ? 1 : -1), rank);
        int[] axes = isOld ? IntStream.range(axis, rank).toArray() : new int[] {axis};
        Value last = draft.arrangement().last(value, axes);
        int number = draft.arrangement().channels(last, Arrangement.product(value.dims(), axes));
        return List.of(new Value(draft.steps().add(new Softmax(), number), last.dims(), last.order()));
    }

    private static List<Tensor> errorFunction(Draft draft, Call call) {
        Value argument = call.value(0);
        return List.of(draft.steps()
                .maker(argument.number())
                .filter(step -> step.operation() instanceof ScaleShift affine
                        && affine.isUniform()
                        && affine.onlyScales()
                        && affine.activation().isIdentity())
                .<Tensor>map(step -> new Tensor.ErrorFunction(
                        new Value(step.inputs().get(0), argument.dims(), argument.order()),
                        ((ScaleShift) step.operation()).scale()[0],
                        1,
                        0))
                .orElseGet(() -> new Tensor.ErrorFunction(argument, 1, 1, 0)));
    }
}
