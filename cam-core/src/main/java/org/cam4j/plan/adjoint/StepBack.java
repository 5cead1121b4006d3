package org.cam4j.plan.adjoint;

import java.util.Arrays;
import java.util.List;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;

/** Passes the gradient of one step's result on to what the step reads. The visits return nothing. */
final class StepBack implements OperationVisitor<Void> {

    private final ReverseWalk walk;
    private final BackwardPlan backward;
    private final Step step;
    private final int gradient;
    private final int input;
    private final Shape shape;

    /** @param gradient of the step's result, a value of the way back */
    StepBack(ReverseWalk walk, Step step, int gradient) {
        this.walk = walk;
        this.backward = walk.backward();
        this.step = step;
        this.gradient = gradient;
        this.input = step.inputs().get(0);
        this.shape = walk.shape(input);
    }

    private Void give(int value) {
        walk.give(input, value);
        return null;
    }

    // ---- activations ----

    @Override
    public Void visit(Activate operation) {
        Activation activation = operation.activation();
        int read = walk.kept(isSeenInResult(activation) ? step.value() : input);
        int passed = backward.add(new ActivationGradient(activation, walk.gates()), gradient, read);
        if (walk.holdsGates()) {
            addBias(activation, passed);
        }
        return give(passed);
    }

    /** Whether the function's result shows the factor as well as what it was applied to: then the two steps before stay fused. */
    private boolean isSeenInResult(Activation activation) {
        return (activation.function() == Activation.Function.RELU && activation.alpha() >= 0)
                || (activation.function() == Activation.Function.CLIP && walk.gates() == Gates.DIFFERENTIATED);
    }

    /** Adds what the function has at 0; or, if that is infinite, what its tangent {@code φ(z) + φ'(z)·(x - z)} has there. */
    private void addBias(Activation activation, int passed) {
        double atZero = activation.atZero();
        if (Double.isInfinite(atZero)) {
            walk.addBias(backward.difference(
                    total(backward.product(gradient, walk.kept(step.value()))),
                    total(backward.product(passed, walk.kept(input)))));
        } else if (atZero != 0) {
            float[] constants = new float[shape.channels()];
            Arrays.fill(constants, (float) atZero);
            walk.addBias(backward.total(gradient, constants));
        }
    }

    private int total(int value) {
        return backward.total(value, BackwardPlan.ones(backward.shape(value).channels()));
    }

    @Override
    public Void visit(ParametricRelu operation) {
        int above = backward.add(new ActivationGradient(Activation.RELU, walk.gates()), gradient, walk.kept(input));
        int below = backward.difference(gradient, above);
        float[] slopes = operation.slopes();
        Shape vector = slopes.length == shape.channels() ? shape : new Shape(slopes.length);
        int scaled = backward.add(
                new ScaleShift(slopes, new float[slopes.length], Activation.IDENTITY),
                backward.reshaped(below, vector));
        return give(backward.sum(above, backward.reshaped(scaled, shape)));
    }

    @Override
    public Void visit(Softmax operation) {
        int shares = walk.kept(step.value());
        if (walk.holdsGates()) {
            walk.addBias(total(backward.product(gradient, shares)));
            return null;
        }
        int weighted = backward.product(gradient, shares);
        int sum = backward.weighted(weighted, BackwardPlan.ones(shape.channels()));
        return give(backward.product(backward.difference(gradient, sum), shares));
    }

    // ---- linear layers ----

    @Override
    public Void visit(Convolution operation) {
        walk.addBiases(step, gradient, operation.bias());
        if (operation.addsInput()) {
            walk.give(step.inputs().get(1), gradient);
        }
        return give(ConvolutionBack.of(backward, operation, shape, gradient));
    }

    @Override
    public Void visit(Dense operation) {
        walk.addBiases(step, gradient, operation.bias());
        return give(backward.add(TransposedWeights.of(operation), gradient));
    }

    @Override
    public Void visit(ScaleShift operation) {
        walk.addBiases(step, gradient, operation.shift());
        return give(scaled(operation.scale()));
    }

    private int scaled(float... factors) {
        return backward.add(new ScaleShift(factors, new float[factors.length], Activation.IDENTITY), gradient);
    }

    /** With {@code r} the inverse deviation and {@code t = gradient · scale · r}: {@code t - mean(t) - x̂ · mean(t · x̂)}. */
    @Override
    public Void visit(LayerNormalize operation) {
        walk.addBiases(step, gradient, operation.shift());
        int channels = shape.channels();
        float[] average = new float[channels];
        Arrays.fill(average, 1f / channels);
        int read = walk.kept(input);
        int centred = backward.difference(read, backward.weighted(read, average));
        int variance = backward.weighted(backward.product(centred, centred), average);
        Activation root = new Activation(Activation.Function.POWER, -0.5f, 0);
        int inverse = backward.add(new ScaleShift(new float[] {1}, new float[] {operation.epsilon()}, root), variance);
        int passed = backward.product(scaled(operation.scale()), inverse);
        int result = backward.difference(passed, backward.weighted(passed, average));
        if (!walk.holdsGates()) {
            int normalized = backward.product(centred, inverse);
            int along = backward.weighted(backward.product(passed, normalized), average);
            result = backward.difference(result, backward.product(normalized, along));
        }
        return give(result);
    }

    // ---- two values ----

    @Override
    public Void visit(Elementwise operation) {
        new ElementwiseBack(walk, step, gradient).pass(operation.kind());
        return null;
    }

    @Override
    public Void visit(MatMul operation) {
        new ProductBack(walk, step, gradient).pass(operation.transposesSecond());
        return null;
    }

    // ---- poolings ----

    @Override
    public Void visit(Pooling operation) {
        return pooled(operation);
    }

    @Override
    public Void visit(GlobalPooling operation) {
        return pooled(new Pooling(operation.kind(), Window.of(shape.height(), shape.width())));
    }

    private Void pooled(Pooling pooling) {
        Operation back = new PoolingGradient(pooling.kind(), pooling.window(), shape);
        return give(
                pooling.kind() == Pooling.Kind.MAXIMUM
                        ? backward.add(back, gradient, walk.kept(input))
                        : backward.add(back, gradient));
    }

    // ---- moved numbers ----

    @Override
    public Void visit(Concatenate operation) {
        int first = 0;
        for (int value : step.inputs()) {
            int count = walk.shape(value).size(operation.axis());
            walk.give(value, backward.add(new Slice(operation.axis(), first, count), gradient));
            first += count;
        }
        return null;
    }

    /** Puts zeros on both sides of the axis, seen as the columns of an image. */
    @Override
    public Void visit(Slice operation) {
        int rows = 1;
        for (int axis = 0; axis < operation.axis(); axis++) {
            rows *= shape.size(axis);
        }
        int inner = shape.size() / rows / shape.size(operation.axis());
        int image = backward.reshaped(gradient, new Shape(rows, operation.count(), inner));
        int behind = shape.size(operation.axis()) - operation.first() - operation.count();
        int padded = backward.add(new Pad(new Padding(0, 0, operation.first(), behind)), image);
        return give(backward.reshaped(padded, shape));
    }

    @Override
    public Void visit(Transpose operation) {
        Integer[] order = new Integer[operation.order().size()];
        for (int axis = 0; axis < order.length; axis++) {
            order[operation.order().get(axis)] = axis;
        }
        return give(backward.add(new Transpose(List.of(order)), gradient));
    }

    @Override
    public Void visit(Reshape operation) {
        return give(backward.reshaped(gradient, shape));
    }

    @Override
    public Void visit(Pad operation) {
        return give(backward.add(new Crop(operation.padding()), gradient));
    }

    @Override
    public Void visit(Crop operation) {
        return give(backward.add(new Pad(operation.cropping()), gradient));
    }

    @Override
    public Void visit(InsertZeros operation) {
        Window every = new Window(1, 1, operation.stepY(), operation.stepX(), 1, 1, Padding.NONE);
        return give(backward.add(new Pooling(Pooling.Kind.AVERAGE, every), gradient));
    }

    @Override
    public Void visit(Resize operation) {
        return give(ResizeBack.of(backward, operation, shape, gradient));
    }

    // ---- no way back ----

    @Override
    public Void visit(External operation) {
        throw noWay(operation);
    }

    @Override
    public Void visit(ActivationGradient operation) {
        throw noWay(operation);
    }

    @Override
    public Void visit(PoolingGradient operation) {
        throw noWay(operation);
    }

    private IllegalArgumentException noWay(Operation operation) {
        return new IllegalArgumentException(
                "there is no way back through '" + step.name() + "' (" + operation.describe() + ")");
    }
}
