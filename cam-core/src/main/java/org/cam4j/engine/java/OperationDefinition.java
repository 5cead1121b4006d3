package org.cam4j.engine.java;

import java.util.List;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.OperationVisitor;
import org.cam4j.plan.operation.Pad;
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

/** Defines the result of each operation in double precision; values are row-major, channels last. */
public final class OperationDefinition implements OperationVisitor<double[]> {

    private final List<double[]> inputs;
    private final List<Shape> shapes;
    private final double[] first;
    private final Shape shape;
    private final Shape output;
    private final TransposedWeights weights;
    private final Ranges ranges;

    private OperationDefinition(
            List<double[]> inputs, List<Shape> shapes, Shape output, TransposedWeights weights, Ranges ranges) {
        this.inputs = inputs;
        this.shapes = shapes;
        this.first = inputs.get(0);
        this.shape = shapes.get(0);
        this.output = output;
        this.weights = weights;
        this.ranges = ranges;
    }

    /**
     * Computes the result of an operation.
     *
     * @param operation the operation to compute
     * @param inputs the operation's input values, in order; not modified
     * @param shapes the sizes of the inputs
     * @return the result; may be an input's own array
     * @throws IllegalArgumentException if the operation does not take values of these sizes
     */
    public static double[] result(Operation operation, List<double[]> inputs, List<Shape> shapes) {
        return result(operation, inputs, shapes, new TransposedWeights(), Ranges.SEQUENTIAL);
    }

    static double[] result(
            Operation operation, List<double[]> inputs, List<Shape> shapes, TransposedWeights weights, Ranges ranges) {
        double[] before =
                operation.accept(new OperationDefinition(inputs, shapes, operation.output(shapes), weights, ranges));
        return operation instanceof Activated activated
                ? ActivationDefinition.of(activated.activation(), before, ranges)
                : before;
    }

    /**
     * Computes the result of an operation without its final activation.
     *
     * @param operation the operation to compute
     * @param inputs the operation's input values, in order; not modified
     * @param shapes the sizes of the inputs
     * @return the result; may be an input's own array
     * @throws IllegalArgumentException if the operation does not take values of these sizes
     */
    public static double[] beforeActivation(Operation operation, List<double[]> inputs, List<Shape> shapes) {
        return operation.accept(new OperationDefinition(
                inputs, shapes, operation.output(shapes), new TransposedWeights(), Ranges.SEQUENTIAL));
    }

    // ---- elementwise ----

    /** Computes the number at an index of a result. */
    @FunctionalInterface
    private interface Rule {
        double at(int index, int cell, int channel);
    }

    private double[] each(Rule rule) {
        double[] result = new double[output.size()];
        int channels = output.channels();
        ranges.each(result.length / channels, result.length, (from, to) -> {
            int i = from * channels;
            for (int cell = from; cell < to; cell++) {
                for (int c = 0; c < channels; c++) {
                    result[i] = rule.at(i, cell, c);
                    i++;
                }
            }
        });
        return result;
    }

    @Override
    public double[] visit(Activate operation) {
        return first;
    }

    @Override
    public double[] visit(ActivationGradient operation) {
        double[] values = inputs.get(1);
        return each(
                (i, cell, c) -> ActivationSlope.times(first[i], operation.activation(), operation.gates(), values[i]));
    }

    @Override
    public double[] visit(ScaleShift operation) {
        float[] scale = operation.scale();
        float[] shift = operation.shift();
        return each((i, cell, c) -> scale[c] * first[i] + shift[c]);
    }

    @Override
    public double[] visit(ParametricRelu operation) {
        float[] slopes = operation.slopes();
        boolean isPerChannel = slopes.length == shape.channels();
        return each((i, cell, c) -> first[i] > 0 ? first[i] : slopes[isPerChannel ? c : i] * first[i]);
    }

    @Override
    public double[] visit(Elementwise operation) {
        double[] second = inputs.get(1);
        Shape other = shapes.get(1);
        Elementwise.Kind kind = operation.kind();
        if (other.equals(shape)) {
            return each((i, cell, c) -> combined(kind, first[i], second[i]));
        }
        if (other.channels() == 1 && other.sameCells(shape)) {
            return each((i, cell, c) -> combined(kind, first[i], second[cell]));
        }
        return each((i, cell, c) -> combined(kind, first[i], second[c]));
    }

    private static double combined(Elementwise.Kind kind, double a, double b) {
        return switch (kind) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }

    // ---- sums ----

    @Override
    public double[] visit(Convolution operation) {
        double[] sums = WeightedSums.of(operation, weights, first, shape, output, ranges);
        if (operation.addsInput()) {
            double[] second = inputs.get(1);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += second[i];
            }
        }
        return sums;
    }

    @Override
    public double[] visit(Dense operation) {
        return WeightedSums.of(operation, weights, first, shape, output, ranges);
    }

    @Override
    public double[] visit(MatMul operation) {
        return MatrixProduct.of(operation, first, inputs.get(1), shape, output, ranges);
    }

    @Override
    public double[] visit(Pooling operation) {
        return PooledWindows.of(operation, first, shape, output, ranges);
    }

    @Override
    public double[] visit(GlobalPooling operation) {
        Pooling all = new Pooling(operation.kind(), Window.of(shape.height(), shape.width()));
        return PooledWindows.of(all, first, shape, output, ranges);
    }

    @Override
    public double[] visit(PoolingGradient operation) {
        double[] pooled = operation.kind() == Pooling.Kind.MAXIMUM ? inputs.get(1) : new double[0];
        return UnpooledWindows.of(operation, first, shape, pooled);
    }

    @Override
    public double[] visit(LayerNormalize operation) {
        return NormalizedCells.of(operation, first, ranges);
    }

    @Override
    public double[] visit(Softmax operation) {
        return NormalizedCells.softmax(first, shape.channels(), ranges);
    }

    @Override
    public double[] visit(Resize operation) {
        return ResizedImage.of(operation, first, shape, output, ranges);
    }

    // ---- moved numbers ----

    @Override
    public double[] visit(Concatenate operation) {
        return MovedNumbers.concatenated(operation.axis(), inputs, shapes, output);
    }

    @Override
    public double[] visit(Crop operation) {
        return MovedNumbers.cropped(operation, first, shape, output);
    }

    @Override
    public double[] visit(InsertZeros operation) {
        return MovedNumbers.spread(operation, first, shape, output);
    }

    @Override
    public double[] visit(Pad operation) {
        return MovedNumbers.padded(operation, first, shape, output);
    }

    @Override
    public double[] visit(Reshape operation) {
        return first;
    }

    @Override
    public double[] visit(Slice operation) {
        return MovedNumbers.sliced(operation, first, shape, output);
    }

    @Override
    public double[] visit(Transpose operation) {
        return MovedNumbers.transposed(operation, first, shape, output);
    }

    /** Throws: engines that run plans cannot compute external steps. */
    @Override
    public double[] visit(External operation) {
        throw new IllegalArgumentException("a step " + operation.describe() + ": a plan does not say what it computes");
    }
}
