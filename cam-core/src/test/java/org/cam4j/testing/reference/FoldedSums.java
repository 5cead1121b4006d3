package org.cam4j.testing.reference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;

/**
 * What the passes put into a sum of products: the shift of a scale behind it, and another summand. oneDNN's kernels for AVX2 begin with
 * these numbers and add the products to them one by one, so that each partial sum is rounded as a number of their size. Where they cancel,
 * that is far more than the two roundings of an addition by itself.
 */
final class FoldedSums {

    /** For values that are sums of products and what was added since, what rounding does to the sum. */
    private final Map<Integer, Double> gammas = new HashMap<>();

    /** Adds to the errors of a step before its activation. */
    void add(Step step, List<double[]> inputs, List<Shape> shapes, double[] errors) {
        double gamma = step.inputs().stream()
                .mapToDouble(value -> gammas.getOrDefault(value, 0.0))
                .max()
                .orElse(0);
        if (step.operation() instanceof Convolution convolution) {
            gamma = Rounding.ofSum(OperationError.terms(convolution));
        } else if (step.operation() instanceof Dense dense) {
            gamma = Rounding.ofSum(dense.inputs());
        } else if (step.operation() instanceof ScaleShift scale) {
            float[] shift = scale.shift();
            for (int i = 0; i < errors.length; i++) {
                errors[i] += gamma * Math.abs(shift[i % shift.length]);
            }
        } else if (step.operation() instanceof Elementwise sum && isSum(sum)) {
            double[] others = OperationDefinition.beforeActivation(
                    new Elementwise(Elementwise.Kind.ADD),
                    List.of(
                            Rounding.magnitudes(inputs.get(0), gamma(step, 1)),
                            Rounding.magnitudes(inputs.get(1), gamma(step, 0))),
                    shapes);
            Arrays.setAll(errors, i -> errors[i] + others[i]);
        } else if (!(step.operation() instanceof Activate)) {
            return;
        }
        if (step.operation() instanceof Activated activated
                && activated.activation().isIdentity()
                && gamma > 0) {
            gammas.put(step.value(), gamma);
        }
    }

    private double gamma(Step step, int input) {
        return gammas.getOrDefault(step.inputs().get(input), 0.0);
    }

    private static boolean isSum(Elementwise operation) {
        return operation.kind() == Elementwise.Kind.ADD || operation.kind() == Elementwise.Kind.SUBTRACT;
    }
}
