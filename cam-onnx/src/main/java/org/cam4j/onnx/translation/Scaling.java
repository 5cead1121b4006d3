package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.Optional;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.ScaleShift;

/** {@code scale · x + shift} with constants: the same for all numbers, for each channel, or for each number. */
final class Scaling {

    /** Factors that are written as 6 and 1/6 in float. */
    private static final double ROUNDING = 1e-6;

    private final Steps steps;
    private final Arrangement arrangement;

    Scaling(Steps steps, Arrangement arrangement) {
        this.steps = steps;
        this.arrangement = arrangement;
    }

    private static Constant number(double value) {
        return Constant.of(ElementType.DOUBLE, new int[0], new double[] {value});
    }

    Value uniform(Value value, double scale, double shift) {
        return of(value, number(scale), number(shift));
    }

    Value scaled(Value value, Constant scale) {
        return of(value, scale, number(0));
    }

    Value shifted(Value value, Constant shift) {
        return of(value, number(1), shift);
    }

    /** Scales and shifts; the value is repeated if a constant has more entries. */
    Value of(Value input, Constant scale, Constant shift) {
        requireFinite(scale);
        requireFinite(shift);
        int[] dims = Axes.broadcast(input.dims(), Axes.broadcast(scale.dims(), shift.dims()));
        Value value = arrangement.expanded(input, dims);
        if (scale.isUniform() && shift.isUniform()) {
            return uniformly(value, scale.at(0), shift.at(0));
        }
        int[] suffix = suffix(value, scale, shift);
        float[] scales = along(value, suffix, scale);
        float[] shifts = along(value, suffix, shift);
        int number = arrangement.channels(value, scales.length);
        Optional<Step> maker = steps.maker(number);
        if (maker.isPresent() && maker.get().operation() instanceof LayerNormalize normalize) {
            // The normalization's own scale and shift, which many exporters write as two nodes more.
            float[] ownScale = normalize.scale().clone();
            float[] ownShift = normalize.shift().clone();
            for (int i = 0; i < ownScale.length; i++) {
                ownScale[i] *= scales[i];
                ownShift[i] = ownShift[i] * scales[i] + shifts[i];
            }
            return result(
                    value,
                    steps.add(
                            new LayerNormalize(normalize.epsilon(), ownScale, ownShift),
                            maker.get().inputs().get(0)));
        }
        int made = steps.add(new ScaleShift(scales, shifts, Activation.IDENTITY), number);
        // A constant for each number, such as the places of tokens, is added to a vector; what it is of keeps its
        // cells.
        return result(value, steps.as(made, steps.shape(value.number())));
    }

    static void requireFinite(Constant constant) {
        constant.notFinite().ifPresent(number -> {
            throw new IllegalArgumentException(
                    "its constant " + constant + " holds " + number + ": expected finite numbers of float32");
        });
    }

    /** Returns the numbers of a constant in a value's order, for its fastest axes from the slowest one on along which it varies. */
    float[] numbers(Value value, Constant constant) {
        return along(value, suffix(value, constant, constant), constant);
    }

    private static Value result(Value value, int number) {
        return new Value(number, value.dims(), value.order());
    }

    /** Returns the fastest axes, up to the slowest one along which a constant varies. */
    private static int[] suffix(Value value, Constant scale, Constant shift) {
        int[] sequence = value.sequence();
        int[] first = Axes.padded(scale.dims(), value.dims().length);
        int[] second = Axes.padded(shift.dims(), value.dims().length);
        int start = sequence.length;
        for (int i = sequence.length - 1; i >= 0; i--) {
            if ((!scale.isUniform() && first[sequence[i]] > 1) || (!shift.isUniform() && second[sequence[i]] > 1)) {
                start = i;
            }
        }
        return Arrays.copyOfRange(sequence, start, sequence.length);
    }

    private static float[] along(Value value, int[] suffix, Constant constant) {
        int[] padded = Axes.padded(constant.dims(), value.dims().length);
        int[] strides = Axes.strides(padded);
        int[] dims = new int[suffix.length];
        int[] moved = new int[suffix.length];
        for (int i = 0; i < suffix.length; i++) {
            dims[i] = value.dims()[suffix[i]];
            moved[i] = padded[suffix[i]] == 1 ? 0 : strides[suffix[i]];
        }
        Constant.requireRoom(Constant.size(dims));
        int[] places = Axes.places(dims, moved, 0);
        float[] numbers = new float[places.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) constant.at(places[i]);
        }
        return numbers;
    }

    private Value uniformly(Value value, double scale, double shift) {
        if (scale == 1 && shift == 0) {
            return value;
        }
        Optional<Step> maker = steps.maker(value.number());
        if (maker.isPresent()) {
            int before = maker.get().inputs().get(0);
            if (maker.get().operation() instanceof ScaleShift affine
                    && affine.isUniform()
                    && affine.activation().isIdentity()) {
                double both = affine.scale()[0] * scale;
                double moved = affine.shift()[0] * scale + shift;
                return Math.abs(both - 1) < ROUNDING && moved == 0
                        ? result(value, before)
                        : result(value, add(before, both, moved));
            }
            if (maker.get().operation() instanceof Activate activate && shift == 0) {
                Optional<Value> gate = hardSigmoid(value, activate.activation(), before, scale);
                if (gate.isPresent()) {
                    return gate.get();
                }
            }
        }
        return result(value, add(value.number(), scale, shift));
    }

    private int add(int number, double scale, double shift) {
        return steps.add(ScaleShift.uniform(steps.shape(number).channels(), (float) scale, (float) shift), number);
    }

    /** {@code clip(s · x + t, 0, b) / b}. */
    private Optional<Value> hardSigmoid(Value value, Activation clip, int clipped, double scale) {
        if (clip.function() != Function.CLIP || clip.alpha() != 0 || Math.abs(scale * clip.beta() - 1) > ROUNDING) {
            return Optional.empty();
        }
        return steps.maker(clipped).flatMap(line -> {
            if (!(line.operation() instanceof ScaleShift affine) || !affine.isUniform()) {
                return Optional.empty();
            }
            Activation found = new Activation(
                    Function.HARD_SIGMOID, (float) (affine.scale()[0] * scale), (float) (affine.shift()[0] * scale));
            return Optional.of(
                    result(value, steps.add(new Activate(found), line.inputs().get(0))));
        });
    }
}
