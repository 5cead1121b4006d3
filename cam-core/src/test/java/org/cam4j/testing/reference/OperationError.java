package org.cam4j.testing.reference;

import java.util.Arrays;
import java.util.List;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
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

/** How far an operation's result may be off before its activation, by how far its inputs are. */
final class OperationError implements OperationVisitor<double[]> {

    private final List<double[]> inputs;
    private final List<double[]> errors;
    private final List<Shape> shapes;
    private final double[] exact;
    private final double[] x;
    private final double[] e;
    private final Shape shape;

    /** With {@code exact} the exact result before the activation. */
    OperationError(List<double[]> inputs, List<double[]> errors, List<Shape> shapes, double[] exact) {
        this.inputs = inputs;
        this.errors = errors;
        this.shapes = shapes;
        this.exact = exact;
        this.x = inputs.get(0);
        this.e = errors.get(0);
        this.shape = shapes.get(0);
    }

    // ---- sums of products ----

    @Override
    public double[] visit(Convolution operation) {
        double gamma = Rounding.ofSum(terms(operation));
        Convolution bounds = new Convolution(
                operation.window(),
                operation.inputs(),
                operation.outputs(),
                operation.groups(),
                Rounding.magnitudes(operation.weights().values()),
                Rounding.scaled(operation.bias(), gamma),
                false,
                Activation.IDENTITY);
        double[] bound = applied(bounds, Rounding.magnitudes(e, x, gamma));
        if (Tiles.mayBeUsed(operation)) {
            bound = Tiles.spread(bound, operation.output(shapes));
        }
        if (operation.addsInput()) {
            for (int i = 0; i < bound.length; i++) {
                bound[i] += errors.get(1)[i] + gamma * Math.abs(inputs.get(1)[i]);
            }
        }
        return bound;
    }

    /** How many products a convolution adds up. */
    static long terms(Convolution convolution) {
        return (long) convolution.window().height()
                * convolution.window().width()
                * (convolution.inputs() / convolution.groups());
    }

    @Override
    public double[] visit(Dense operation) {
        double gamma = Rounding.ofSum(operation.inputs());
        Dense bounds = Dense.of(
                Rounding.magnitudes(operation.weights().values()),
                Rounding.scaled(operation.bias(), gamma),
                Activation.IDENTITY);
        return applied(bounds, Rounding.magnitudes(e, x, gamma));
    }

    /** Of {@code a·b} it is {@code e_a·(|b| + e_b) + |a|·e_b} and the sum's rounding of {@code |a·b|}. */
    @Override
    public double[] visit(MatMul operation) {
        double gamma = Rounding.ofSum(shape.channels());
        double[] first = Rounding.magnitudes(e, x, gamma);
        double[] second = Rounding.magnitudes(errors.get(1), inputs.get(1), 1);
        double[] wrongFirst = OperationDefinition.beforeActivation(operation, List.of(first, second), shapes);
        double[] wrongSecond = OperationDefinition.beforeActivation(
                operation, List.of(Rounding.magnitudes(x, 1), errors.get(1)), shapes);
        return Rounding.sum(wrongFirst, wrongSecond);
    }

    // ---- each number by itself ----

    @Override
    public double[] visit(Activate operation) {
        return e.clone();
    }

    /** Random plans have no way back; its operations are compared by tests of their own. */
    @Override
    public double[] visit(ActivationGradient operation) {
        throw new IllegalArgumentException(operation.describe());
    }

    @Override
    public double[] visit(PoolingGradient operation) {
        throw new IllegalArgumentException(operation.describe());
    }

    @Override
    public double[] visit(ScaleShift operation) {
        ScaleShift bounds = new ScaleShift(
                Rounding.magnitudes(operation.scale()),
                Rounding.scaled(operation.shift(), 2 * Rounding.UNIT),
                Activation.IDENTITY);
        return applied(bounds, Rounding.magnitudes(e, x, 2 * Rounding.UNIT));
    }

    /** Numbers below 0 are multiplied, and so may be numbers above 0 that are off. */
    @Override
    public double[] visit(ParametricRelu operation) {
        double[] read = Rounding.magnitudes(e, x, 2 * Rounding.UNIT);
        Arrays.setAll(read, i -> -read[i]);
        double[] bound = applied(new ParametricRelu(Rounding.magnitudes(operation.slopes())), read);
        Arrays.setAll(bound, i -> Math.max(-bound[i], e[i]));
        return bound;
    }

    @Override
    public double[] visit(Elementwise operation) {
        double[] bound =
                switch (operation.kind()) {
                    case MAXIMUM, MINIMUM -> of(Elementwise.Kind.MAXIMUM, e, errors.get(1));
                    case ADD, SUBTRACT -> of(Elementwise.Kind.ADD, e, errors.get(1));
                    case MULTIPLY ->
                        Rounding.sum(
                                of(Elementwise.Kind.MULTIPLY, e, Rounding.magnitudes(errors.get(1), inputs.get(1), 1)),
                                of(Elementwise.Kind.MULTIPLY, Rounding.magnitudes(e, x, 1), errors.get(1)));
                };
        Arrays.setAll(bound, i -> bound[i] + 2 * Rounding.UNIT * Math.abs(exact[i]));
        return bound;
    }

    private double[] of(Elementwise.Kind kind, double[] first, double[] second) {
        return OperationDefinition.beforeActivation(new Elementwise(kind), List.of(first, second), shapes);
    }

    // ---- averages ----

    @Override
    public double[] visit(Pooling operation) {
        long window = (long) operation.window().height() * operation.window().width();
        return operation.kind() == Pooling.Kind.MAXIMUM
                ? moved(operation)
                : applied(operation, Rounding.magnitudes(e, x, Rounding.ofSum(window)));
    }

    @Override
    public double[] visit(GlobalPooling operation) {
        return operation.kind() == Pooling.Kind.MAXIMUM
                ? moved(operation)
                : applied(operation, Averages.read(e, x, shape, 0));
    }

    @Override
    public double[] visit(LayerNormalize operation) {
        return NormalizationError.of(operation, x, e);
    }

    /** The logarithm of each share is off by what its own exponent and all others' average are. */
    @Override
    public double[] visit(Softmax operation) {
        int channels = shape.channels();
        double[] bound = new double[x.length];
        for (int start = 0; start < x.length; start += channels) {
            double largest = Double.NEGATIVE_INFINITY;
            double others = Rounding.ofSum(exact, start, 1, channels);
            for (int i = start; i < start + channels; i++) {
                largest = Math.max(largest, x[i]);
                others += exact[i] * e[i];
            }
            for (int i = start; i < start + channels; i++) {
                double exponent = e[i] + Rounding.FUNCTION * (1 + largest - x[i]);
                bound[i] = exact[i] * Math.expm1(exponent + others);
            }
        }
        return bound;
    }

    /** Of the cells' weights: their places are numbers up to the image's size, and rounded too. */
    @Override
    public double[] visit(Resize operation) {
        double[] bound = moved(operation);
        if (operation.interpolation() == Resize.Interpolation.BILINEAR) {
            double places = Rounding.UNIT * (8 + 2.0 * Math.max(shape.height(), shape.width()));
            double[] mixed = MixedCells.largest(operation, x, shape);
            Arrays.setAll(bound, i -> bound[i] + places * mixed[i]);
        }
        return bound;
    }

    // ---- what only moves numbers, or takes the largest, moves or takes their errors ----

    private double[] moved(Operation operation) {
        return OperationDefinition.beforeActivation(operation, errors, shapes).clone();
    }

    private double[] applied(Operation operation, double[] bound) {
        return OperationDefinition.beforeActivation(operation, List.of(bound), List.of(shape));
    }

    @Override
    public double[] visit(Concatenate operation) {
        return moved(operation);
    }

    @Override
    public double[] visit(Crop operation) {
        return moved(operation);
    }

    @Override
    public double[] visit(External operation) {
        throw new IllegalArgumentException(operation.describe());
    }

    @Override
    public double[] visit(InsertZeros operation) {
        return moved(operation);
    }

    @Override
    public double[] visit(Pad operation) {
        return moved(operation);
    }

    @Override
    public double[] visit(Reshape operation) {
        return moved(operation);
    }

    @Override
    public double[] visit(Slice operation) {
        return moved(operation);
    }

    @Override
    public double[] visit(Transpose operation) {
        return moved(operation);
    }
}
