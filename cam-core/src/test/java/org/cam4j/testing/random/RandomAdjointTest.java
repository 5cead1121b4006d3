package org.cam4j.testing.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Engines;
import org.cam4j.exception.BackendException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.pass.PlanPass;

/** Ways back through random plans of all operations, against central differences in double precision and on every engine. */
class RandomAdjointTest {

    @Provide
    Arbitrary<PlanRecipe> recipes() {
        return PlanRecipe.arbitrary();
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
        Optional<RandomWalk> made = RandomWalk.of(recipe, Gates.DIFFERENTIATED);
        if (made.isEmpty()) {
            return;
        }
        RandomWalk walk = made.get();
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
            assertThat(RandomWalk.dot(gradient, along))
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
        Optional<RandomWalk> made = RandomWalk.of(recipe, Gates.HELD);
        if (made.isEmpty()) {
            return;
        }
        RandomWalk walk = made.get();
        Map<Integer, double[]> values = RandomWalk.computed(walk.backward(), walk.given());
        double[] gradient = values.get(walk.backward().output(Adjoint.GRADIENT));
        double bias = values.get(walk.backward().output(Adjoint.BIAS))[0];
        double[] activations = walk.values().get(walk.target());
        if (!Double.isFinite(bias + RandomWalk.dot(gradient, activations))) {
            // A root at 0 has no slope.
            return;
        }
        double[] scores = walk.values().get(walk.plan().output(InferencePlan.FEATURES));

        assertThat(RandomWalk.dot(gradient, activations) + bias)
                .as("%s\n%s", walk.adjoint().forward(), walk.backward())
                .isCloseTo(
                        RandomWalk.dot(walk.seed(), scores),
                        within(1e-5
                                * (1
                                        + Math.abs(bias)
                                        + magnitude(gradient, activations)
                                        + magnitude(walk.seed(), scores))));
    }

    @Property(tries = 60, seed = "20261128")
    void everyEngineWalksBackAlike(@ForAll("recipes") PlanRecipe recipe) {
        for (Gates gates : Gates.values()) {
            RandomWalk.of(recipe, gates).ifPresent(walk -> {
                for (String engine : List.of("oneDNN", "ND4J", "Java")) {
                    compare(walk, engine);
                }
            });
        }
    }

    private static void compare(RandomWalk walk, String name) {
        InferencePlan plan = PlanPass.simplified(walk.backward());
        try (Engine engine = Engines.of(plan, new EngineSettings(Optional.of(name), 2, 1L << 31))) {
            assertThat(walk.difference(engine))
                    .as("%s, %s", name, walk.backward())
                    .isEmpty();
        } catch (BackendException e) {
            // No fast kernel for a step: the next engine runs it.
            assertThat(e).hasCauseInstanceOf(EngineUnavailableException.class);
        }
    }
}
