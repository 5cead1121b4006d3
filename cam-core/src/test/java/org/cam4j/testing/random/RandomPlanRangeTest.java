package org.cam4j.testing.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.PoolingGradient;

/** What random plans are made of. */
class RandomPlanRangeTest {

    private static final int PLANS = 400;

    @Example
    void everyOperationAndEveryNumberOfAxesComesUp() {
        RandomGenerator<PlanRecipe> recipes = PlanRecipe.arbitrary().generator(1000);
        Set<Class<?>> operations = new HashSet<>();
        Set<Integer> ranks = new HashSet<>();
        for (int seed = 0; seed < PLANS; seed++) {
            Shrinkable<PlanRecipe> recipe = recipes.next(new Random(seed));
            InferencePlan plan = RandomPlan.of(recipe.value());
            for (Step step : plan.steps()) {
                operations.add(step.operation().getClass());
                ranks.add(plan.shape(step.value()).rank());
            }
        }

        Set<Class<?>> all = new HashSet<>(leaves(Operation.class).toList());
        // Only the front door's own engine runs it.
        all.remove(External.class);
        // The way back has random plans of its own.
        all.remove(ActivationGradient.class);
        all.remove(PoolingGradient.class);
        assertThat(operations).isEqualTo(all);
        assertThat(ranks).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(RandomPlanRangeTest::leaves)
                : Stream.of(type);
    }
}
