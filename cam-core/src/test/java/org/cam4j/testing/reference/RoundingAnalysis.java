package org.cam4j.testing.reference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.LinearHead;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Softmax;

/**
 * A plan's exact values, and how far single precision may take each number from them: a running error analysis (Higham, Accuracy
 * and Stability of Numerical Algorithms, 2002, chapter 3).
 *
 * <p>With {@code e} the errors of what an operation reads and {@code u = 2^-24}, a sum of n products may be off by {@code Σ |w|·(e +
 * γ(n)·|x|)}. {@code γ(n)} is {@code u·(4 + 2·√n)}: rounding errors have no common sign, so that they grow with the root of n (chapter
 * 2.8), where {@code u·n} is what they could be at worst. What is added up before it cancels counts, not what is left of it.
 */
public final class RoundingAnalysis {

    /** Half the distance from 1 to the next float. */
    private static final double UNIT = 0x1p-24;

    /** Engines take exponential functions from polynomials, which are a few units off. */
    private static final double FUNCTION = 16 * UNIT;

    /** Beyond it a sum of such numbers may not be a float any more. */
    private static final double LARGEST = 1e30;

    private final InferencePlan plan;
    private final Map<Integer, double[]> values = new HashMap<>();
    private final Map<Integer, double[]> errors = new HashMap<>();

    private RoundingAnalysis(InferencePlan plan) {
        this.plan = plan;
    }

    /**
     * Runs a plan and its analysis.
     *
     * @param plan as it was told, before any pass: what its simplified form may be off is the same up to a small factor
     * @param image [h, w, c], exact in single precision
     */
    public static RoundingAnalysis of(InferencePlan plan, float[] image) {
        RoundingAnalysis analysis = new RoundingAnalysis(plan);
        double[] exact = new double[image.length];
        Arrays.setAll(exact, i -> image[i]);
        analysis.values.put(InferencePlan.INPUT, exact);
        analysis.errors.put(InferencePlan.INPUT, new double[image.length]);
        plan.steps().forEach(analysis::add);
        return analysis;
    }

    /** A value's exact numbers, [h, w, c]. */
    public double[] value(int number) {
        return values.get(number);
    }

    /** How far each number of a value may be off, [h, w, c]. */
    public double[] error(int number) {
        return errors.get(number);
    }

    /** Whether single precision can hold a value and all that it was made of. */
    public boolean isInRange(int number) {
        for (double bound : magnitudes(errors.get(number), values.get(number), 1)) {
            if (!(bound < LARGEST)) {
                return false;
            }
        }
        return number == InferencePlan.INPUT
                || plan.steps().stream()
                        .filter(step -> step.value() == number)
                        .flatMap(step -> step.inputs().stream())
                        .allMatch(this::isInRange);
    }

    /** The exact logits that a head makes of a value. */
    public double[] logits(LinearHead head, int features) {
        return PlanInterpreter.logits(head, values.get(features), plan.shape(features));
    }

    /** How far each logit may be off. */
    public double[] logitErrors(LinearHead head, int features) {
        Shape shape = plan.shape(features);
        double[] read = magnitudes(errors.get(features), values.get(features), sum(shape.size()));
        LinearHead bounds = new LinearHead(magnitudes(head.weights()), scaled(head.bias(), 2 * UNIT));
        return PlanInterpreter.logits(bounds, read, shape);
    }

    /** The exact map that a head makes of a value for a class, [h, w]. */
    public double[] map(LinearHead head, int features, int classIndex) {
        return PlanInterpreter.map(head, values.get(features), classIndex);
    }

    /** How far each number of a class's map may be off, [h, w]. */
    public double[] mapErrors(LinearHead head, int features, int classIndex) {
        double[] read = magnitudes(errors.get(features), values.get(features), sum(head.channels()));
        return PlanInterpreter.map(new LinearHead(magnitudes(head.weights()), head.bias()), read, classIndex);
    }

    private void add(Step step) {
        List<double[]> inputs = step.inputs().stream().map(values::get).toList();
        List<double[]> wrong = step.inputs().stream().map(errors::get).toList();
        List<Shape> shapes = step.inputs().stream().map(plan::shape).toList();
        Operation operation = step.operation();
        double[] exact = OperationDefinition.beforeActivation(operation, inputs, shapes);
        double[] error = error(operation, inputs, wrong, shapes, exact);
        if (operation instanceof Activated activated) {
            for (int i = 0; i < error.length; i++) {
                error[i] = ActivationError.of(activated.activation(), exact[i], error[i], FUNCTION);
            }
            exact = ActivationDefinition.of(activated.activation(), exact);
        }
        values.put(step.value(), exact);
        errors.put(step.value(), error);
    }

    /** Before the activation. */
    private static double[] error(
            Operation operation, List<double[]> inputs, List<double[]> errors, List<Shape> shapes, double[] exact) {
        double[] x = inputs.get(0);
        double[] e = errors.get(0);
        if (operation instanceof Convolution convolution) {
            return convolved(convolution, inputs, errors, shapes);
        }
        if (operation instanceof ScaleShift step) {
            ScaleShift bounds =
                    new ScaleShift(magnitudes(step.scale()), scaled(step.shift(), 2 * UNIT), Activation.IDENTITY);
            return applied(bounds, shapes, magnitudes(e, x, 2 * UNIT));
        }
        if (operation instanceof ParametricRelu relu) {
            // Numbers below 0 are multiplied, and so may be numbers above 0 that are off.
            double[] bound = applied(
                    new ParametricRelu(magnitudes(relu.slopes())), shapes, scaled(magnitudes(e, x, 2 * UNIT), -1));
            Arrays.setAll(bound, i -> Math.max(-bound[i], e[i]));
            return bound;
        }
        if (operation instanceof Elementwise combine) {
            return combined(combine.kind(), inputs, errors, shapes, exact);
        }
        if (isAverage(operation)) {
            return applied(operation, shapes, magnitudes(e, x, sum(window(operation, shapes.get(0)))));
        }
        if (operation instanceof LayerNormalize normalize) {
            return NormalizationError.of(
                    normalize, x, e, UNIT, sum(shapes.get(0).channels()));
        }
        if (operation instanceof Softmax) {
            return softmax(x, e, exact, shapes.get(0).channels());
        }
        if (operation instanceof Resize resize && resize.interpolation() == Resize.Interpolation.BILINEAR) {
            // Of the cells' weights: their places are numbers up to the image's size, and rounded too.
            double places = UNIT
                    * (8 + 2.0 * Math.max(shapes.get(0).height(), shapes.get(0).width()));
            double[] mixed = OperationDefinition.largestMixed(resize, x, shapes.get(0));
            double[] bound = applied(resize, shapes, e);
            Arrays.setAll(bound, i -> bound[i] + places * mixed[i]);
            return bound;
        }
        // What only moves numbers, or takes the largest, moves or takes their errors.
        return OperationDefinition.beforeActivation(operation, errors, shapes).clone();
    }

    /** The logarithm of each share is off by what its own exponent and all others' average are. */
    private static double[] softmax(double[] x, double[] e, double[] exact, int channels) {
        double[] bound = new double[x.length];
        for (int start = 0; start < x.length; start += channels) {
            double largest = Double.NEGATIVE_INFINITY;
            double others = sum(channels);
            for (int i = start; i < start + channels; i++) {
                largest = Math.max(largest, x[i]);
                others += exact[i] * e[i];
            }
            for (int i = start; i < start + channels; i++) {
                double exponent = e[i] + FUNCTION * (1 + largest - x[i]);
                bound[i] = exact[i] * Math.expm1(exponent + others);
            }
        }
        return bound;
    }

    private static double[] applied(Operation operation, List<Shape> shapes, double[] bound) {
        return OperationDefinition.beforeActivation(operation, List.of(bound), shapes);
    }

    private static boolean isAverage(Operation operation) {
        return (operation instanceof Pooling pooling && pooling.kind() == Pooling.Kind.AVERAGE)
                || (operation instanceof GlobalPooling global && global.kind() == Pooling.Kind.AVERAGE);
    }

    private static long window(Operation operation, Shape shape) {
        return operation instanceof Pooling pooling
                ? (long) pooling.window().height() * pooling.window().width()
                : (long) shape.height() * shape.width();
    }

    private static double[] convolved(
            Convolution convolution, List<double[]> inputs, List<double[]> errors, List<Shape> shapes) {
        long terms = (long) convolution.window().height()
                * convolution.window().width()
                * (convolution.inputs() / convolution.groups());
        double gamma = sum(terms);
        Convolution bounds = new Convolution(
                convolution.window(),
                convolution.inputs(),
                convolution.outputs(),
                convolution.groups(),
                magnitudes(convolution.weights().values()),
                scaled(convolution.bias(), gamma),
                false,
                Activation.IDENTITY);
        double[] bound = applied(bounds, shapes.subList(0, 1), magnitudes(errors.get(0), inputs.get(0), gamma));
        if (Tiles.mayBeUsed(convolution)) {
            bound = Tiles.spread(bound, convolution.output(shapes));
        }
        if (convolution.addsInput()) {
            for (int i = 0; i < bound.length; i++) {
                bound[i] += errors.get(1)[i] + gamma * Math.abs(inputs.get(1)[i]);
            }
        }
        return bound;
    }

    private static double[] combined(
            Elementwise.Kind kind, List<double[]> inputs, List<double[]> errors, List<Shape> shapes, double[] exact) {
        double[] e = OperationDefinition.beforeActivation(
                new Elementwise(
                        kind == Elementwise.Kind.MAXIMUM || kind == Elementwise.Kind.MINIMUM
                                ? Elementwise.Kind.MAXIMUM
                                : Elementwise.Kind.ADD),
                errors,
                shapes);
        if (kind == Elementwise.Kind.MULTIPLY) {
            Elementwise product = new Elementwise(Elementwise.Kind.MULTIPLY);
            double[] first = OperationDefinition.beforeActivation(
                    product, List.of(errors.get(0), magnitudes(errors.get(1), inputs.get(1), 1)), shapes);
            double[] second = OperationDefinition.beforeActivation(
                    product, List.of(magnitudes(errors.get(0), inputs.get(0), 1), errors.get(1)), shapes);
            Arrays.setAll(e, i -> first[i] + second[i]);
        }
        for (int i = 0; i < e.length; i++) {
            e[i] += 2 * UNIT * Math.abs(exact[i]);
        }
        return e;
    }

    /** What rounding may do to a sum of so many terms, in parts of what was added up. */
    private static double sum(long terms) {
        return UNIT * (4 + 2 * Math.sqrt((double) terms));
    }

    private static double[] magnitudes(double[] errors, double[] values, double share) {
        double[] magnitudes = new double[values.length];
        Arrays.setAll(magnitudes, i -> errors[i] + share * Math.abs(values[i]));
        return magnitudes;
    }

    private static float[] magnitudes(float[] numbers) {
        float[] magnitudes = new float[numbers.length];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = Math.abs(numbers[i]);
        }
        return magnitudes;
    }

    private static float[] scaled(float[] numbers, double share) {
        float[] scaled = new float[numbers.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (share * Math.abs(numbers[i]));
        }
        return scaled;
    }

    private static double[] scaled(double[] numbers, double factor) {
        double[] scaled = new double[numbers.length];
        Arrays.setAll(scaled, i -> factor * numbers[i]);
        return scaled;
    }
}
