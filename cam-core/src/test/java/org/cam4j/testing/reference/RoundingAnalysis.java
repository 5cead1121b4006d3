package org.cam4j.testing.reference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

/**
 * A plan's exact values, and how far single precision may take each number from them: a running error analysis (Higham, Accuracy
 * and Stability of Numerical Algorithms, 2002, chapter 3).
 *
 * <p>With {@code e} the errors of what an operation reads and {@code u = 2^-24}, a sum of n products may be off by {@code Σ |w|·(e +
 * γ(n)·|x|)}. {@code γ(n)} is {@code u·(4 + 2·√n)}: rounding errors have no common sign, so that they grow with the root of n (chapter
 * 2.8), where {@code u·n} is what they could be at worst. What is added up before it cancels counts, not what is left of it.
 *
 * <p>Two things are worse than that, and were found by random plans: numbers that repeat ({@link Rounding}) and what is folded into a sum
 * ({@link FoldedSums}).
 *
 * <p>An engine may store values and weights more coarsely than it adds their products up. Each value and each weight may then be off by
 * the storage's own unit, too. These errors go through every operation's bound: what they make of a softmax or an exponential function
 * grows faster than they do, so that no multiple of single precision's errors is a bound.
 */
public final class RoundingAnalysis {

    /** Beyond it a sum of such numbers may not be a float any more. */
    private static final double LARGEST = 1e30;

    private final InferencePlan plan;
    private final double stored;
    private final Map<Integer, double[]> values = new HashMap<>();
    private final Map<Integer, double[]> errors = new HashMap<>();
    private final Set<Integer> inRange = new HashSet<>();

    private final FoldedSums folded = new FoldedSums();

    private RoundingAnalysis(InferencePlan plan, double stored) {
        this.plan = plan;
        this.stored = stored;
    }

    /**
     * Runs a plan and its analysis.
     *
     * @param plan as it was told, before any pass: what its simplified form may be off is the same up to a small factor
     * @param image [h, w, c], exact in single precision
     */
    public static RoundingAnalysis of(InferencePlan plan, float[] image) {
        return of(plan, image, 0);
    }

    /**
     * Runs a plan and its analysis for an engine that stores numbers more coarsely than in single precision.
     *
     * @param plan as it was told, before any pass
     * @param image [h, w, c], exact in single precision
     * @param stored what storing a number may change, in parts of the number: 2^-8 for bfloat16, 0 for single precision
     */
    public static RoundingAnalysis of(InferencePlan plan, float[] image, double stored) {
        RoundingAnalysis analysis = new RoundingAnalysis(plan, stored);
        double[] exact = new double[image.length];
        Arrays.setAll(exact, i -> image[i]);
        analysis.put(InferencePlan.INPUT, exact, Rounding.magnitudes(exact, stored), List.of());
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
        return inRange.contains(number);
    }

    private void put(int number, double[] exact, double[] error, List<Integer> inputs) {
        values.put(number, exact);
        errors.put(number, error);
        if (inRange.containsAll(inputs) && areInRange(exact, error)) {
            inRange.add(number);
        }
    }

    private static boolean areInRange(double[] exact, double[] error) {
        for (int i = 0; i < exact.length; i++) {
            // Not in range where it is no number.
            if (!(error[i] + Math.abs(exact[i]) < LARGEST)) {
                return false;
            }
        }
        return true;
    }

    /** The exact logits that a head makes of a value. */
    public double[] logits(LinearHead head, int features) {
        return PlanInterpreter.logits(head, values.get(features), plan.shape(features));
    }

    /** How far each logit may be off. */
    public double[] logitErrors(LinearHead head, int features) {
        Shape shape = plan.shape(features);
        double[] read = Averages.read(errors.get(features), values.get(features), shape, Rounding.ofSum(shape.size()));
        LinearHead bounds =
                new LinearHead(Rounding.magnitudes(head.weights()), Rounding.scaled(head.bias(), 2 * Rounding.UNIT));
        return PlanInterpreter.logits(bounds, read, shape);
    }

    /** The exact map that a head makes of a value for a class, [h, w]. */
    public double[] map(LinearHead head, int features, int classIndex) {
        return PlanInterpreter.map(head, values.get(features), classIndex);
    }

    /** How far each number of a class's map may be off, [h, w]. */
    public double[] mapErrors(LinearHead head, int features, int classIndex) {
        double[] read =
                Rounding.magnitudes(errors.get(features), values.get(features), Rounding.ofSum(head.channels()));
        return PlanInterpreter.map(new LinearHead(Rounding.magnitudes(head.weights()), head.bias()), read, classIndex);
    }

    private void add(Step step) {
        List<double[]> inputs = step.inputs().stream().map(values::get).toList();
        List<double[]> wrong = step.inputs().stream().map(errors::get).toList();
        List<Shape> shapes = step.inputs().stream().map(plan::shape).toList();
        Operation operation = step.operation();
        double[] exact = OperationDefinition.beforeActivation(operation, inputs, shapes);
        double[] error = operation.accept(new OperationError(inputs, wrong, shapes, exact));
        folded.add(step, inputs, shapes, error);
        if (stored > 0) {
            error = Rounding.sum(error, StoredWeights.errors(operation, inputs, wrong, shapes, stored));
        }
        if (operation instanceof Activated activated) {
            for (int i = 0; i < error.length; i++) {
                error[i] = ActivationError.of(activated.activation(), exact[i], error[i], Rounding.FUNCTION);
            }
            exact = OperationDefinition.result(
                    new Activate(activated.activation()), List.of(exact), List.of(plan.shape(step.value())));
        }
        put(step.value(), exact, stored > 0 ? stored(exact, error) : error, step.inputs());
    }

    private double[] stored(double[] exact, double[] error) {
        return Rounding.sum(error, Rounding.magnitudes(Rounding.magnitudes(error, exact, 1), stored));
    }
}
