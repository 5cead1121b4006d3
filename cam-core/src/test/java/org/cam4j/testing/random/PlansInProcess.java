package org.cam4j.testing.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.RandomGenerator;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.pass.PlanPass;

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

    /**
     * Runs ways back through random plans, with held and with differentiated gates. Within a jqwik property or example alone.
     *
     * @param engine what to run ways back on
     * @param seed of the first plan; the next has the next one
     * @param count how many plans
     * @return findings in words; empty if there are none
     */
    public static List<String> waysBack(EngineStarter engine, long seed, int count) {
        RandomGenerator<PlanRecipe> recipes = PlanRecipe.arbitrary().generator(1000);
        List<String> findings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PlanRecipe recipe = recipes.next(new Random(seed + i)).value();
            for (Gates gates : Gates.values()) {
                String where = "seed " + (seed + i) + ", gates " + gates + ": ";
                RandomWalk.of(recipe, gates).ifPresent(walk -> {
                    try (Engine running = engine.start(PlanPass.simplified(walk.backward()), 2)) {
                        walk.difference(running).ifPresent(found -> findings.add(where + found + walk.backward()));
                    } catch (EngineUnavailableException e) {
                        findings.add(where + e.getMessage());
                    }
                });
            }
        }
        return findings;
    }
}
