package org.cam4j.onnx.translation;

import java.util.Arrays;
import java.util.Optional;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Activation.Function;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Elementwise.Kind;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;

/** Two tensors combined number by number, one of them or both computed from the image. */
final class Combination {

    private static final Activation RECIPROCAL = new Activation(Function.POWER, -1, 0);

    private static final double LEAST = 1e-30;

    private final Steps steps;
    private final Arrangement arrangement;
    private final Scaling scaling;
    private final Products products;

    Combination(Steps steps, Arrangement arrangement, Scaling scaling) {
        this.steps = steps;
        this.arrangement = arrangement;
        this.scaling = scaling;
        this.products = new Products(steps, scaling);
    }

    Tensor add(Tensor first, Tensor second) {
        if (first instanceof Tensor.ErrorFunction erf && second instanceof Tensor.Known known) {
            return shifted(erf, known.constant());
        }
        if (second instanceof Tensor.ErrorFunction) {
            return add(second, first);
        }
        if (second instanceof Tensor.Known known) {
            return scaling.shifted(value(first), known.constant());
        }
        if (first instanceof Tensor.Known known) {
            return scaling.shifted(value(second), known.constant());
        }
        return of(Kind.ADD, value(first), value(second));
    }

    Tensor subtract(Tensor first, Tensor second) {
        if (second instanceof Tensor.Known known) {
            return scaling.shifted(value(first), mapped(known.constant(), -1));
        }
        if (first instanceof Tensor.Known known) {
            Value value = value(second);
            return scaling.of(value, mapped(Constant.scalar(1), -1), known.constant());
        }
        Value one = value(first);
        Value other = value(second);
        return Arrays.equals(
                        Axes.broadcast(one.dims(), other.dims()),
                        one.padded(other.dims().length).dims())
                ? of(Kind.SUBTRACT, one, other)
                : of(Kind.ADD, scaling.uniform(other, -1, 0), one);
    }

    Tensor multiply(Tensor first, Tensor second) {
        if (first instanceof Tensor.ErrorFunction erf) {
            return second instanceof Tensor.Known known ? scaled(erf, known.constant()) : gelu(erf, value(second));
        }
        if (second instanceof Tensor.ErrorFunction || first instanceof Tensor.Known) {
            return multiply(second, first);
        }
        if (second instanceof Tensor.Known known) {
            return scaling.scaled(value(first), known.constant());
        }
        Value one = value(first);
        Value other = value(second);
        return products.gated(one, other).orElseGet(() -> of(Kind.MULTIPLY, one, other));
    }

    Tensor divide(Tensor first, Tensor second) {
        if (second instanceof Tensor.Known known) {
            Constant divisor = known.constant();
            return multiply(
                    first,
                    new Tensor.Known(Constant.computed(ElementType.DOUBLE, divisor.dims(), i -> 1 / divisor.at(i))));
        }
        Value divisor = value(second);
        if (first instanceof Tensor.Known known) {
            return scaling.scaled(steps.activated(divisor, RECIPROCAL), known.constant());
        }
        Value dividend = value(first);
        return products.normalized(dividend, divisor)
                .or(() -> products.shares(dividend, divisor))
                .orElseGet(() -> of(Kind.MULTIPLY, dividend, steps.activated(divisor, RECIPROCAL)));
    }

    /** Returns the larger or the smaller of both numbers. */
    Tensor extreme(Kind kind, Tensor first, Tensor second) {
        if (first instanceof Tensor.Known) {
            return extreme(kind, second, first);
        }
        Value one = value(first);
        if (!(second instanceof Tensor.Known known)) {
            return of(kind, one, value(second));
        }
        Constant bound = known.constant();
        if (bound.isUniform()) {
            float number = (float) bound.at(0);
            Activation clip = kind == Kind.MAXIMUM
                    ? new Activation(Function.CLIP, number, Float.POSITIVE_INFINITY)
                    : new Activation(Function.CLIP, Float.NEGATIVE_INFINITY, number);
            return steps.activated(
                    arrangement.expanded(one, bound.dims()),
                    number == 0 && kind == Kind.MAXIMUM ? Activation.RELU : clip);
        }
        // max(x, c) = relu(x - c) + c, and min(x, c) = c - relu(c - x).
        double sign = kind == Kind.MAXIMUM ? 1 : -1;
        Value above = scaling.of(one, mapped(Constant.scalar(1), sign), mapped(bound, -sign));
        Value rectified = steps.activated(above, Activation.RELU);
        return scaling.of(rectified, mapped(Constant.scalar(1), sign), bound);
    }

    private static Constant mapped(Constant constant, double factor) {
        return Constant.computed(ElementType.DOUBLE, constant.dims(), i -> factor * constant.at(i));
    }

    // ---- two values ----

    private Value of(Kind kind, Value first, Value second) {
        int[] dims = Axes.broadcast(first.dims(), second.dims());
        Value one = first.padded(dims.length);
        Value other = second.padded(dims.length);
        boolean isWhole = Arrays.equals(one.dims(), dims);
        if (!isWhole && kind != Kind.SUBTRACT && Arrays.equals(other.dims(), dims)) {
            return of(kind, other, one);
        }
        Value whole = isWhole ? one : arrangement.expanded(one, dims);
        return combined(kind, whole, arrangement.arranged(other, whole.order()));
    }

    private Value combined(Kind kind, Value whole, Value part) {
        Shape wide = steps.shape(whole.number());
        Shape narrow = steps.shape(part.number());
        boolean isSame = Arrays.equals(whole.dims(), part.dims());
        if (isSame) {
            return result(whole, kind, whole.number(), steps.as(part.number(), wide));
        }
        int[] all = whole.sequence();
        int[] some = part.sequence();
        if (some.length == 0) {
            int cells = whole.size();
            return result(
                    whole,
                    kind,
                    steps.as(whole.number(), new Shape(1, cells)),
                    steps.as(part.number(), new Shape(1, 1)));
        }
        boolean isFastest = Arrays.equals(Arrays.copyOfRange(all, all.length - some.length, all.length), some);
        if (isFastest) {
            int number = arrangement.channels(whole, part.size());
            boolean fits = narrow.isVector() && narrow.channels() == part.size();
            return result(
                    whole, kind, number, fits ? part.number() : steps.as(part.number(), new Shape(1, 1, part.size())));
        }
        boolean isSlowest = Arrays.equals(Arrays.copyOf(all, some.length), some);
        if (isSlowest) {
            int channels = whole.size() / part.size();
            int number = arrangement.channels(whole, channels);
            return result(
                    whole,
                    kind,
                    number,
                    steps.as(part.number(), steps.shape(number).withChannels(1)));
        }
        Value expanded = arrangement.arranged(arrangement.expanded(part, whole.dims()), whole.order());
        return result(whole, kind, whole.number(), steps.as(expanded.number(), wide));
    }

    private Value result(Value like, Kind kind, int first, int second) {
        int made = steps.as(steps.add(new Elementwise(kind), first, second), steps.shape(like.number()));
        return new Value(made, like.dims(), like.order());
    }

    // ---- error function ----

    /**
     * Returns {@code offset + factor · erf(inner · x)} as a value: with {@code u = √2 · inner · x}, {@code erf} is
     * {@code 2 · GELU(u) / u - 1}.
     */
    Value plain(Tensor.ErrorFunction erf) {
        // Not 0, whose quotient is none; next to any other number it vanishes.
        Value u = scaling.uniform(erf.argument(), Math.sqrt(2) * erf.inner(), LEAST);
        Value gelu = steps.activated(u, Activation.of(Function.GELU));
        Value quotient = of(Kind.MULTIPLY, gelu, steps.activated(u, RECIPROCAL));
        return scaling.uniform(quotient, 2 * erf.factor(), erf.offset() - erf.factor());
    }

    private Value value(Tensor tensor) {
        return tensor instanceof Tensor.ErrorFunction erf ? plain(erf) : Call.requireValue(tensor);
    }

    private Tensor shifted(Tensor.ErrorFunction erf, Constant shift) {
        return shift.isUniform()
                ? new Tensor.ErrorFunction(erf.argument(), erf.inner(), erf.factor(), erf.offset() + shift.at(0))
                : scaling.shifted(plain(erf), shift);
    }

    private Tensor scaled(Tensor.ErrorFunction erf, Constant scale) {
        if (!scale.isUniform()) {
            return scaling.scaled(plain(erf), scale);
        }
        double factor = scale.at(0);
        return new Tensor.ErrorFunction(erf.argument(), erf.inner(), factor * erf.factor(), factor * erf.offset());
    }

    /** {@code x · a (1 + erf(s · x))}: with {@code u = √2 · s · x} it is {@code 2a / (√2 · s) · u · Φ(u)}. */
    private Tensor gelu(Tensor.ErrorFunction erf, Value factor) {
        Optional<Double> outer = share(factor, erf.argument());
        if (outer.isEmpty() || erf.factor() != erf.offset()) {
            return multiply(plain(erf), factor);
        }
        double unit = Math.sqrt(2) * erf.inner();
        unit = Math.abs(unit - 1) < 1e-6 ? 1 : unit;
        Value gelu = steps.activated(scaling.uniform(erf.argument(), unit, 0), Activation.of(Function.GELU));
        return scaling.uniform(gelu, outer.get() * 2 * erf.factor() / unit, 0);
    }

    /** Returns the {@code c} of a value {@code c · x}; empty if it is none. */
    private Optional<Double> share(Value value, Value x) {
        if (value.number() == x.number()) {
            return Optional.of(1.0);
        }
        return steps.maker(value.number())
                .filter(line -> line.inputs().get(0) == x.number()
                        && line.operation() instanceof ScaleShift affine
                        && affine.isUniform()
                        && affine.onlyScales()
                        && affine.activation().isIdentity())
                .map(line -> (double) ((ScaleShift) line.operation()).scale()[0]);
    }
}
