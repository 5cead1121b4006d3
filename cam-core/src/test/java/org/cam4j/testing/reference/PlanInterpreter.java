package org.cam4j.testing.reference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.classifier.LinearHead;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Plans;

/**
 * Runs a plan by the definitions of its operations, in double precision, and keeps every value: slow, and easy to believe.
 *
 * <p>Not thread-safe. Arrays handed out are not copied.
 */
public final class PlanInterpreter {

    private final InferencePlan plan;
    private final Map<Integer, double[]> values = new HashMap<>();

    private PlanInterpreter(InferencePlan plan) {
        this.plan = plan;
    }

    /**
     * Runs a plan.
     *
     * @param plan what to compute
     * @param image [h, w, c], row-major
     * @return all values
     */
    public static PlanInterpreter run(InferencePlan plan, double[] image) {
        if (image.length != plan.input().size()) {
            throw new IllegalArgumentException(image.length + " numbers for an image of " + plan.input());
        }
        PlanInterpreter interpreter = new PlanInterpreter(plan);
        interpreter.values.put(InferencePlan.INPUT, image);
        for (Step step : plan.steps()) {
            List<double[]> inputs =
                    step.inputs().stream().map(interpreter.values::get).toList();
            List<Shape> shapes = step.inputs().stream().map(plan::shape).toList();
            interpreter.values.put(step.value(), OperationDefinition.result(step.operation(), inputs, shapes));
        }
        return interpreter;
    }

    /** A value by its number, [h, w, c]. */
    public double[] value(int number) {
        double[] value = values.get(number);
        if (value == null) {
            throw new IllegalArgumentException("the plan has no value " + number);
        }
        return value;
    }

    /** The last convolution's activations, [h, w, k]. */
    public double[] features() {
        return value(plan.output(InferencePlan.FEATURES));
    }

    /** {@code logit_c = Σ_k W(k, c) · mean(A_k) + b_c}. */
    public double[] logits() {
        return value(plan.output(InferencePlan.LOGITS));
    }

    /** The logits that a head makes of features [h, w, k]. */
    static double[] logits(LinearHead head, double[] features, Shape shape) {
        double[] means = new double[head.channels()];
        int cells = shape.height() * shape.width();
        for (int i = 0; i < features.length; i++) {
            means[i % means.length] += features[i] / cells;
        }
        double[] logits = new double[head.classes()];
        for (int c = 0; c < logits.length; c++) {
            logits[c] = head.bias()[c];
            for (int k = 0; k < means.length; k++) {
                logits[c] += means[k] * head.weights()[k * head.classes() + c];
            }
        }
        return logits;
    }

    /** {@code M(y, x) = Σ_k W(k, class) · A(y, x, k)}, [h, w]. */
    public double[] map(int classIndex) {
        return map(Plans.head(plan), features(), classIndex);
    }

    /** The map that a head makes of features [h, w, k]. */
    static double[] map(LinearHead head, double[] features, int classIndex) {
        double[] map = new double[features.length / head.channels()];
        for (int cell = 0; cell < map.length; cell++) {
            for (int k = 0; k < head.channels(); k++) {
                map[cell] += features[cell * head.channels() + k] * head.weights()[k * head.classes() + classIndex];
            }
        }
        return map;
    }
}
