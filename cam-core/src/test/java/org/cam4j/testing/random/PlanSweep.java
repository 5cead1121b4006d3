package org.cam4j.testing.random;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;

/**
 * Runs random plans on an engine and goes on after each finding, which it shrinks, prints and appends to a file. Not thread-safe.
 */
public final class PlanSweep {

    /** More of them are likely to be one fault. */
    private static final int MOST_FINDINGS = 10;

    private static final int MOST_SHRINKS = 400;

    /** Each takes a new process, or minutes. */
    private static final int MOST_SHRINKS_OF_CRASHES = 60;

    private static final int SAID_EACH = 1000;

    private final EngineUnderTest engine;
    private final Path report;
    private final List<String> findings = new ArrayList<>();
    private int plans;
    private long networks;
    private long refused;
    private long outOfRange;
    private double worst;

    /**
     * Takes an engine.
     *
     * @param engine what to run plans on
     * @param report the file to which findings are appended
     */
    public PlanSweep(EngineUnderTest engine, Path report) {
        this.engine = engine;
        this.report = report;
    }

    /**
     * Runs plans. Within a jqwik property or example alone, whose generators it uses.
     *
     * @param seed of the first plan; the next has the next one
     * @param count how many
     * @return the findings in words, with recipe and plan; empty if there are none
     */
    public List<String> run(long seed, int count) throws IOException {
        RandomGenerator<PlanRecipe> recipes = PlanRecipe.arbitrary().generator(1000);
        try (WorkerProcess worker = new WorkerProcess(engine)) {
            for (int i = 0; i < count && findings.size() < MOST_FINDINGS; i++) {
                run(worker, recipes.next(new Random(seed + i)), seed + i);
                if (plans % SAID_EACH == 0) {
                    System.out.println(this);
                }
            }
        }
        System.out.println(this);
        return List.copyOf(findings);
    }

    private void run(WorkerProcess worker, Shrinkable<PlanRecipe> recipe, long seed) throws IOException {
        TrialResult result = worker.run(recipe.value());
        plans++;
        networks += result.networks();
        refused += result.refused();
        outOfRange += result.outOfRange();
        worst = Math.max(worst, result.worst());
        if (!result.hasPassed()) {
            String finding = "seed " + seed + " on " + engine + ": " + shrunk(worker, recipe, result);
            findings.add(finding);
            System.out.println(finding);
            Files.createDirectories(report.toAbsolutePath().getParent());
            Files.writeString(report, finding + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** The simplest recipe of which the same comes, as far as it is found. */
    private static String shrunk(WorkerProcess worker, Shrinkable<PlanRecipe> first, TrialResult found) {
        Shrinkable<PlanRecipe> simplest = first;
        TrialResult result = found;
        boolean isAlive = found.kind() == TrialResult.Kind.DIFFERENCE || found.kind() == TrialResult.Kind.EXCEPTION;
        int most = isAlive ? MOST_SHRINKS : MOST_SHRINKS_OF_CRASHES;
        int tried = 0;
        Iterator<Shrinkable<PlanRecipe>> candidates = first.shrink().iterator();
        while (tried < most && candidates.hasNext()) {
            Shrinkable<PlanRecipe> candidate = candidates.next();
            TrialResult again = worker.run(candidate.value());
            tried++;
            if (again.kind() == found.kind()) {
                simplest = candidate;
                result = again;
                candidates = candidate.shrink().iterator();
            }
        }
        return result.kind() + " of recipe " + simplest.value().encoded() + "\n" + result.finding() + "\n"
                + RandomPlan.of(simplest.value());
    }

    /** How much was tried. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %d plans, %d networks run, %d refused, %d beyond single precision, %d findings, largest error %.2f of"
                        + " what rounding may do",
                engine,
                plans,
                networks,
                refused,
                outOfRange,
                findings.size(),
                worst);
    }
}
