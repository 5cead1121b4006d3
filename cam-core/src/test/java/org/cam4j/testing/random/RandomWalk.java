package org.cam4j.testing.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Shape;

/** A way back and a random point to walk it at. */
record RandomWalk(InferencePlan plan, int target, Adjoint adjoint, Map<Integer, double[]> values, double[] seed) {

    /** Empty if the scores do not depend on the value, or are beyond single precision. */
    static Optional<RandomWalk> of(PlanRecipe recipe, Gates gates) {
        InferencePlan plan = RandomPlan.of(recipe);
        int from = plan.output(InferencePlan.FEATURES);
        int target = recipe.classes() % (plan.steps().size() + 1) / 2;
        Adjoint adjoint;
        try {
            adjoint = Adjoint.of(plan, from, List.of(target), gates);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("the scores do not depend on the layer|.*through gates alone.*");
            return Optional.empty();
        }
        Map<Integer, double[]> values = computed(adjoint.forward(), Map.of(0, doubles(RandomPlan.image(plan, 0))));
        boolean isUsual =
                values.values().stream().flatMapToDouble(Arrays::stream).allMatch(number -> Math.abs(number) < 1e4);
        Random random = new Random(recipe.classes());
        double[] seed = random.doubles(plan.shape(from).size(), -1, 1)
                .map(number -> (float) number)
                .toArray();
        return isUsual ? Optional.of(new RandomWalk(plan, target, adjoint, values, seed)) : Optional.empty();
    }

    InferencePlan backward() {
        return adjoint.backward();
    }

    /** What the way back takes. */
    Map<Integer, double[]> given() {
        Map<Integer, double[]> given = new HashMap<>();
        for (String input : backward().inputs().keySet()) {
            given.put(given.size(), input.equals(Adjoint.SEED) ? seed : forward(input));
        }
        return given;
    }

    double[] forward(String output) {
        return values.get(adjoint.forward().output(output));
    }

    double[] gradient(Map<Integer, double[]> given) {
        return computed(backward(), given).get(backward().output(Adjoint.GRADIENT));
    }

    double score(double[] activations) {
        Map<Integer, double[]> given = new HashMap<>(Map.of(0, values.get(0)));
        given.put(target, activations);
        return dot(seed, computed(plan, given).get(plan.output(InferencePlan.FEATURES)));
    }

    /**
     * Compares an engine's gradient with the one in double precision.
     *
     * @param engine runs {@link #backward()}, simplified or not
     * @return the first number that rounding does not explain; empty if there is none, or the gradient is not finite: a root at 0 has no
     *     slope
     */
    Optional<String> difference(Engine engine) {
        Map<Integer, double[]> given = given();
        double[] expected = gradient(given);
        double[] shaken = gradient(shaken(given));
        if (!Arrays.stream(expected).allMatch(Double::isFinite)) {
            return Optional.empty();
        }
        Map<String, Batch> batches = new HashMap<>();
        backward().inputs().forEach((input, shape) -> batches.put(input, batch(given.get(batches.size()), shape)));
        float[] found = engine.run(batches, Set.of(Adjoint.GRADIENT)).host(Adjoint.GRADIENT);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        double sensitivity = 0;
        for (int i = 0; i < expected.length; i++) {
            sensitivity = Math.max(sensitivity, Math.abs(shaken[i] - expected[i]));
        }
        double bound = 3e-5 * (largest + 1e-3) + 100 * sensitivity;
        for (int i = 0; i < expected.length; i++) {
            // Written so that NaN differs.
            if (!(Math.abs(found[i] - expected[i]) <= bound)) {
                return Optional.of("number " + i + " is " + found[i] + ", not " + expected[i] + " within " + bound);
            }
        }
        return Optional.empty();
    }

    /** Computes all values of a plan from some of them. */
    static Map<Integer, double[]> computed(InferencePlan plan, Map<Integer, double[]> given) {
        Map<Integer, double[]> values = new HashMap<>(given);
        for (Step step : plan.steps()) {
            if (!values.containsKey(step.value())) {
                List<double[]> read = step.inputs().stream().map(values::get).toList();
                List<Shape> shapes = step.inputs().stream().map(plan::shape).toList();
                values.put(step.value(), OperationDefinition.result(step.operation(), read, shapes));
            }
        }
        return values;
    }

    private static double[] doubles(float... numbers) {
        double[] doubles = new double[numbers.length];
        Arrays.setAll(doubles, i -> numbers[i]);
        return doubles;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static Batch batch(double[] numbers, Shape shape) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return Batch.of(floats, shape);
    }

    /** The same numbers, off by what single precision may make of them. */
    private static Map<Integer, double[]> shaken(Map<Integer, double[]> given) {
        Random random = new Random(9);
        Map<Integer, double[]> shaken = new HashMap<>();
        given.forEach((value, numbers) -> shaken.put(
                value,
                Arrays.stream(numbers)
                        .map(number -> number * (1 + 1e-7 * random.nextGaussian()))
                        .toArray()));
        return shaken;
    }
}
