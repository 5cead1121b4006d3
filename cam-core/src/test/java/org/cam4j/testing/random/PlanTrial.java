package org.cam4j.testing.random;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cam4j.Activations;
import org.cam4j.classifier.LinearHead;
import org.cam4j.dl4j.engine.Nd4jValues;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Values;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.pass.NarrowSlices;
import org.cam4j.plan.pass.PlanPass;
import org.cam4j.testing.Plans;
import org.cam4j.testing.reference.Differences;
import org.cam4j.testing.reference.RoundingAnalysis;

/**
 * Runs a random plan on an engine, as it is and simplified, with each of its values as the features, and compares features, logits
 * and a map with the reference.
 */
final class PlanTrial {

    private static final int IMAGES = 2;

    private final EngineStarter engine;
    private final PlanRecipe recipe;
    private final InferencePlan plan;
    private final List<float[]> images = new ArrayList<>();
    private final List<RoundingAnalysis> analyses = new ArrayList<>();
    private int networks;
    private int refused;
    private int outOfRange;
    private final Differences differences = new Differences();

    private PlanTrial(EngineStarter engine, PlanRecipe recipe) {
        this.engine = engine;
        this.recipe = recipe;
        this.plan = RandomPlan.of(recipe);
        for (int i = 0; i < IMAGES; i++) {
            images.add(RandomPlan.image(plan, i));
            analyses.add(RoundingAnalysis.of(plan, images.get(i), engine.stored()));
        }
    }

    /** What came of it; finding nothing, how much was tried. */
    static TrialResult run(EngineStarter engine, PlanRecipe recipe) {
        PlanTrial trial = new PlanTrial(engine, recipe);
        try {
            trial.run();
            return TrialResult.passed(trial.networks, trial.refused, trial.outOfRange, trial.differences.worst());
        } catch (Difference e) {
            return TrialResult.found(TrialResult.Kind.DIFFERENCE, e.getMessage());
        } catch (RuntimeException | Error e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return TrialResult.found(TrialResult.Kind.EXCEPTION, trace.toString());
        }
    }

    /** A number that rounding does not explain. */
    private static final class Difference extends Exception {

        private static final long serialVersionUID = 1;

        Difference(String message) {
            super(message);
        }
    }

    private void run() throws Difference {
        int last = plan.steps().size();
        run(last, false, 1, recipe.batch());
        run(last, true, 1, recipe.batch());
        // The others in turn: as they are and simplified, alone and together.
        for (int value = 0; value < last; value++) {
            run(value, value % 2 == 1, value % 4 < 2 ? recipe.batch() : 1);
        }
    }

    private void run(int value, boolean isSimplified, int... counts) throws Difference {
        InferencePlan keeping = RandomPlan.keeping(plan, value, recipe.classes());
        InferencePlan variant = isSimplified ? new NarrowSlices().apply(PlanPass.simplified(keeping)) : keeping;
        if (!analyses.stream().allMatch(analysis -> analysis.isInRange(value))) {
            outOfRange++;
            return;
        }
        LinearHead head = Plans.head(variant);
        List<Expected> numbers = analyses.stream()
                .map(analysis -> Expected.of(analysis, head, value))
                .toList();
        String what =
                "keeping %" + value + (isSimplified ? " simplified, " : " as it is, ") + recipe.threads() + " threads";
        try (Engine running = engine.start(variant, recipe.threads())) {
            networks++;
            for (int count : counts) {
                compare(running, variant, head, numbers, count, what);
            }
        } catch (EngineUnavailableException e) {
            refused++;
        }
    }

    /** Exact numbers and what rounding may do to each. */
    private record Numbers(String name, double[] exact, double[] errors) {}

    /** What an image's features, logits and first map are. */
    private record Expected(Numbers features, Numbers logits, Numbers map) {

        static Expected of(RoundingAnalysis analysis, LinearHead head, int value) {
            return new Expected(
                    new Numbers("features", analysis.value(value), analysis.error(value)),
                    new Numbers("logits", analysis.logits(head, value), analysis.logitErrors(head, value)),
                    new Numbers("map", analysis.map(head, value, 0), analysis.mapErrors(head, value, 0)));
        }
    }

    private void compare(
            Engine running, InferencePlan variant, LinearHead head, List<Expected> expected, int count, String what)
            throws Difference {
        int size = plan.input().size();
        float[] batch = new float[count * size];
        for (int i = 0; i < count; i++) {
            System.arraycopy(images.get(i % IMAGES), 0, batch, i * size, size);
        }
        Values values = running.run(Batch.of(batch, variant.input()), Plans.OUTPUTS);
        Activations found = Activations.of(values, head);
        float[] features = values.host(InferencePlan.FEATURES);
        for (int i = 0; i < count; i++) {
            Expected numbers = expected.get(i % IMAGES);
            String where = what + ", image " + i + " of " + count + ", ";
            compare(features, i * numbers.features.exact.length, numbers.features, where, variant);
            compare(found.logits(i), 0, numbers.logits, where, variant);
            compare(found.map(i, 0), 0, numbers.map, where, variant);
        }
        free(values);
    }

    /** Frees arrays outside Java's heap, for which no garbage is collected. */
    private static void free(Values values) {
        if (values instanceof Nd4jValues arrays) {
            Plans.OUTPUTS.forEach(output -> arrays.array(output).close());
        }
    }

    private void compare(float[] found, int offset, Numbers expected, String where, InferencePlan variant)
            throws Difference {
        Optional<String> difference = differences.in(found, offset, expected.exact, expected.errors);
        if (difference.isPresent()) {
            throw new Difference(where + expected.name + ": " + difference.get() + "\n" + variant);
        }
    }
}
