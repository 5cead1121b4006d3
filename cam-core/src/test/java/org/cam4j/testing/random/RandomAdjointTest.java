package org.cam4j.testing.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Engines;
import org.cam4j.engine.java.OperationDefinition;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.pass.PlanPass;

/** Ways back through random plans of all operations, against central differences in double precision and on every engine. */
class RandomAdjointTest {

    @Provide
    Arbitrary<PlanRecipe> recipes() {
        return PlanRecipe.arbitrary();
    }

    /** A way back and a random point to walk it at. */
    private record Walk(InferencePlan plan, int target, Adjoint adjoint, Map<Integer, double[]> values, double[] seed) {

        /** Empty if the scores do not depend on the value, or are beyond single precision. */
        static Optional<Walk> of(PlanRecipe recipe, Gates gates) {
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
            return isUsual ? Optional.of(new Walk(plan, target, adjoint, values, seed)) : Optional.empty();
        }

        private InferencePlan backward() {
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
    }

    /** Computes all values of a plan from some of them. */
    private static Map<Integer, double[]> computed(InferencePlan plan, Map<Integer, double[]> given) {
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

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double magnitude(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] * b[i]);
        }
        return sum;
    }

    @Property(tries = 150, seed = "20261126")
    void gradientsAreCentralDifferences(@ForAll("recipes") PlanRecipe recipe) {
        Optional<Walk> made = Walk.of(recipe, Gates.DIFFERENTIATED);
        if (made.isEmpty()) {
            return;
        }
        Walk walk = made.get();
        double[] at = walk.values().get(walk.target());
        double[] along = new Random(3).doubles(at.length, -1, 1).toArray();
        double step = 1e-5;
        double here = walk.score(at);
        double behind = (walk.score(moved(at, along, step)) - here) / step;
        double before = (here - walk.score(moved(at, along, -step))) / step;
        double[] gradient = walk.gradient(walk.given());
        double scale = 1 + magnitude(gradient, along);
        // At a kink the two differ, and there is no derivative to compare with.
        if (Math.abs(behind - before) < 1e-4 * scale) {
            assertThat(dot(gradient, along))
                    .as("%s", walk.plan())
                    .isCloseTo((behind + before) / 2, within(3e-4 * scale));
        }
    }

    private static double[] moved(double[] at, double[] along, double step) {
        double[] moved = new double[at.length];
        Arrays.setAll(moved, i -> at[i] + step * along[i]);
        return moved;
    }

    @Property(tries = 150, seed = "20261127")
    void heldGatesAddUpToTheScore(@ForAll("recipes") PlanRecipe recipe) {
        Optional<Walk> made = Walk.of(recipe, Gates.HELD);
        if (made.isEmpty()) {
            return;
        }
        Walk walk = made.get();
        Map<Integer, double[]> values = computed(walk.backward(), walk.given());
        double[] gradient = values.get(walk.backward().output(Adjoint.GRADIENT));
        double bias = values.get(walk.backward().output(Adjoint.BIAS))[0];
        double[] activations = walk.values().get(walk.target());
        if (!Double.isFinite(bias + dot(gradient, activations))) {
            // A root at 0 has no slope.
            return;
        }
        double[] scores = walk.values().get(walk.plan().output(InferencePlan.FEATURES));

        assertThat(dot(gradient, activations) + bias)
                .as("%s\n%s", walk.adjoint().forward(), walk.backward())
                .isCloseTo(
                        dot(walk.seed(), scores),
                        within(1e-5
                                * (1
                                        + Math.abs(bias)
                                        + magnitude(gradient, activations)
                                        + magnitude(walk.seed(), scores))));
    }

    @Property(tries = 60, seed = "20261128")
    void everyEngineWalksBackAlike(@ForAll("recipes") PlanRecipe recipe) {
        for (Gates gates : Gates.values()) {
            Walk.of(recipe, gates).ifPresent(walk -> {
                for (String engine : List.of("oneDNN", "ND4J", "Java")) {
                    compare(walk, engine);
                }
            });
        }
    }

    private static void compare(Walk walk, String name) {
        Map<Integer, double[]> given = walk.given();
        double[] expected = walk.gradient(given);
        double[] shaken = walk.gradient(shaken(given));
        if (!Arrays.stream(expected).allMatch(Double::isFinite)) {
            // A root at 0 has no slope.
            return;
        }
        Map<String, Batch> batches = new HashMap<>();
        walk.backward().inputs().forEach((input, shape) -> batches.put(input, batch(given.get(batches.size()), shape)));
        try (Engine engine =
                Engines.of(PlanPass.simplified(walk.backward()), new EngineSettings(Optional.of(name), 2, 1L << 31))) {
            float[] found = engine.run(batches, Set.of(Adjoint.GRADIENT)).host(Adjoint.GRADIENT);
            double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
            double sensitivity = 0;
            for (int i = 0; i < expected.length; i++) {
                sensitivity = Math.max(sensitivity, Math.abs(shaken[i] - expected[i]));
            }
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) found[i])
                        .as("%s, number %s of\n%s", name, i, walk.backward())
                        .isCloseTo(expected[i], within(3e-5 * (largest + 1e-3) + 100 * sensitivity));
            }
        } catch (BackendException e) {
            // No fast kernel for a step: the next engine runs it.
            assertThat(e).hasCauseInstanceOf(EngineUnavailableException.class);
        }
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
