package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.Optional;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;

/**
 * Functions that exporters write as products and quotients of several nodes: swish, hard swish, mish, layer normalization, softmax. A plan has
 * them as one operation, which is faster and has a gate that maps can hold.
 */
final class Products {

    private final Steps steps;
    private final Scaling scaling;

    Products(Steps steps, Scaling scaling) {
        this.steps = steps;
        this.scaling = scaling;
    }

    /** Returns {@code x · gate(x)} as one operation, if the gate is a function of the other factor. */
    Optional<Value> gated(Value first, Value second) {
        return gate(first, second).or(() -> gate(second, first));
    }

    private Optional<Value> gate(Value x, Value gate) {
        if (x.number() == gate.number() && hasOrderOf(x, gate)) {
            return Optional.of(steps.activated(x, new Activation(Function.POWER, 2, 0)));
        }
        Optional<Step> maker = steps.maker(gate.number());
        if (maker.isEmpty() || !(maker.get().operation() instanceof Activate activate) || !hasOrderOf(x, gate)) {
            return Optional.empty();
        }
        int read = maker.get().inputs().get(0);
        Activation function = activate.activation();
        return switch (function.function()) {
            case SIGMOID -> swish(x, read);
            case HARD_SIGMOID ->
                read == x.number()
                        ? Optional.of(steps.activated(
                                x, new Activation(Function.HARD_SWISH, function.alpha(), function.beta())))
                        : Optional.empty();
            case TANH ->
                isSoftplusOf(x, read)
                        ? Optional.of(steps.activated(x, Activation.of(Function.MISH)))
                        : Optional.empty();
            case CLIP -> hardSwish(x, read, function);
            default -> Optional.empty();
        };
    }

    private static boolean hasOrderOf(Value first, Value second) {
        return Arrays.equals(first.dims(), second.dims()) && Arrays.equals(first.sequence(), second.sequence());
    }

    private Optional<Value> swish(Value x, int read) {
        if (read == x.number()) {
            return Optional.of(steps.activated(x, Activation.SWISH));
        }
        return scaleOf(x, read)
                .filter(line -> line.shift()[0] == 0)
                .map(line -> steps.activated(x, new Activation(Function.SWISH, line.scale()[0], 0)));
    }

    /** Returns {@code s · x + t} that makes a value of another one, the same for all numbers. */
    private Optional<ScaleShift> scaleOf(Value x, int number) {
        return steps.maker(number)
                .filter(line -> line.inputs().get(0) == x.number()
                        && line.operation() instanceof ScaleShift affine
                        && affine.isUniform()
                        && affine.activation().isIdentity())
                .map(line -> (ScaleShift) line.operation());
    }

    private boolean isSoftplusOf(Value x, int number) {
        return steps.maker(number)
                .filter(step -> step.inputs().get(0) == x.number()
                        && step.operation() instanceof Activate inner
                        && inner.activation().function() == Function.SOFTPLUS)
                .isPresent();
    }

    /** {@code x · clip(s · x + t, 0, b)}, which is b times a hard swish. */
    private Optional<Value> hardSwish(Value x, int read, Activation clip) {
        if (clip.alpha() != 0 || !Float.isFinite(clip.beta()) || clip.beta() <= 0) {
            return Optional.empty();
        }
        return scaleOf(x, read).map(line -> {
            Activation found =
                    new Activation(Function.HARD_SWISH, line.scale()[0] / clip.beta(), line.shift()[0] / clip.beta());
            return scaling.uniform(steps.activated(x, found), clip.beta(), 0);
        });
    }

    /** {@code (x - mean) / √(variance + ε)} over the channels as one operation, if the divisor is that root. */
    Optional<Value> normalized(Value centred, Value root) {
        Optional<Step> difference = steps.maker(centred.number())
                .filter(step ->
                        step.operation() instanceof Elementwise combine && combine.kind() == Elementwise.Kind.SUBTRACT);
        if (difference.isEmpty()) {
            return Optional.empty();
        }
        int x = difference.get().inputs().get(0);
        int channels = steps.shape(centred.number()).channels();
        Optional<Step> mean = steps.maker(difference.get().inputs().get(1));
        if (mean.isEmpty() || !isMeanOf(mean.get(), x, channels)) {
            return Optional.empty();
        }
        Optional<Step> squareRoot = power(root.number(), 0.5f);
        Optional<Step> shifted =
                squareRoot.flatMap(step -> steps.maker(step.inputs().get(0)));
        if (shifted.isEmpty()
                || !(shifted.get().operation() instanceof ScaleShift epsilon)
                || !epsilon.isUniform()
                || epsilon.scale()[0] != 1) {
            return Optional.empty();
        }
        Optional<Step> variance = steps.maker(shifted.get().inputs().get(0));
        Optional<Step> square = variance.flatMap(step -> power(step.inputs().get(0), 2));
        if (square.isEmpty()
                || square.get().inputs().get(0) != centred.number()
                || !isMeanOf(variance.get(), square.get().value(), channels)) {
            return Optional.empty();
        }
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        int number = steps.add(new LayerNormalize(epsilon.shift()[0], ones, new float[channels]), x);
        return Optional.of(new Value(number, centred.dims(), centred.order()));
    }

    /**
     * {@code e^x / Σ e^x} over the channels as one operation, if the divisor is that sum. What was subtracted from all channels of a cell,
     * most often the largest, is left out: it changes no share.
     */
    Optional<Value> shares(Value powers, Value sum) {
        int channels = steps.shape(powers.number()).channels();
        Optional<Step> exponential = steps.maker(powers.number())
                .filter(step -> step.operation() instanceof Activate activate
                        && activate.activation().function() == Function.EXPONENTIAL);
        boolean isSum = steps.maker(sum.number())
                .filter(step -> step.operation() instanceof ScaleShift factor
                        && factor.isUniform()
                        && factor.onlyScales()
                        && factor.scale()[0] == channels)
                .flatMap(step -> steps.maker(step.inputs().get(0)))
                .filter(mean -> isMeanOf(mean, powers.number(), channels))
                .isPresent();
        return exponential.filter(step -> isSum).map(step -> {
            int number = steps.add(new Softmax(), unshifted(step.inputs().get(0)));
            return new Value(number, powers.dims(), powers.order());
        });
    }

    /** Returns what a number of each cell was subtracted from; the value itself if none was. */
    private int unshifted(int number) {
        Shape shape = steps.shape(number);
        return maker(number)
                .filter(step -> step.operation() instanceof Elementwise combine
                        && combine.kind() == Elementwise.Kind.SUBTRACT
                        && steps.shape(step.inputs().get(0)).channels() == shape.channels()
                        && steps.shape(step.inputs().get(1)).channels() == 1)
                .map(step -> steps.as(step.inputs().get(0), shape))
                .orElse(number);
    }

    /** Returns the step that makes a value, before it got another shape. */
    private Optional<Step> maker(int number) {
        return steps.maker(number)
                .flatMap(step -> step.operation() instanceof Reshape
                        ? maker(step.inputs().get(0))
                        : Optional.of(step));
    }

    private Optional<Step> power(int number, float exponent) {
        return steps.maker(number)
                .filter(step -> step.operation() instanceof Activate activate
                        && activate.activation().equals(new Activation(Function.POWER, exponent, 0)));
    }

    private static boolean isMeanOf(Step step, int number, int channels) {
        if (step.inputs().get(0) != number || !(step.operation() instanceof Dense dense)) {
            return false;
        }
        float share = 1f / channels;
        for (float weight : dense.weights().values()) {
            if (weight != share) {
                return false;
            }
        }
        return dense.inputs() == channels && dense.outputs() == 1 && dense.bias()[0] == 0;
    }
}
