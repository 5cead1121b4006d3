package org.cam4j.testing.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.RandomGenerator;

/** Runs random plans on an engine in this process, for engines that the enum of this package does not know. */
public final class PlansInProcess {

    private PlansInProcess() {}

    /**
     * Runs plans. Within a jqwik property or example alone, whose generators it uses.
     *
     * @param engine what to run plans on
     * @param seed of the first plan; the next has the next one
     * @param count how many
     * @return findings in words, with the recipe; empty if there are none
     */
    public static List<String> findings(EngineStarter engine, long seed, int count) {
        RandomGenerator<PlanRecipe> recipes = PlanRecipe.arbitrary().generator(1000);
        List<String> findings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PlanRecipe recipe = recipes.next(new Random(seed + i)).value();
            TrialResult result = PlanTrial.run(engine, recipe);
            if (!result.hasPassed()) {
                findings.add("seed " + (seed + i) + ": " + result.finding() + "\n" + recipe.encoded());
            } else if (result.networks() == 0 && result.refused() > 0) {
                findings.add("seed " + (seed + i) + ": refused\n" + RandomPlan.of(recipe));
            }
        }
        return findings;
    }
}
