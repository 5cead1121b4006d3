package org.cam4j.engine.cuda;

import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.java.JavaEngine;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.SaidElsewhere;

/** Starts an engine in a process whose environment says what the stand-in is like, runs it and prints what happened. */
final class StartedElsewhere {

    private StartedElsewhere() {}

    /** Takes the number of images, and how often they are run; the engine is closed then, and another one started. */
    public static void main(String[] arguments) {
        InferencePlan plan = TestPlans.classifier(false);
        int count = Integer.parseInt(arguments[0]);
        int runs = Integer.parseInt(arguments[1]);
        Batch images = Batch.of(TestPlans.numbers(9, count * plan.input().size(), 1), plan.input());
        for (int start = 0; start < (runs > 1 ? 2 : 1); start++) {
            try (Engine engine = CudaEngine.start(plan, CudaSettings.ofSystemProperties())) {
                for (int run = 0; run < runs; run++) {
                    say(engine, plan, images);
                }
            } catch (EngineUnavailableException | RuntimeException e) {
                say(e);
            }
        }
        System.exit(0);
    }

    private static void say(Engine engine, InferencePlan plan, Batch images) {
        Set<String> wanted = Set.of(InferencePlan.LOGITS);
        try (Engine java = new JavaEngine(plan, 1)) {
            double error = Closeness.relative(
                    engine.run(images, wanted).host(InferencePlan.LOGITS),
                    java.run(images, wanted).host(InferencePlan.LOGITS));
            SaidElsewhere.say(error < 1e-6 ? "right" : "wrong by " + error);
        } catch (EngineUnavailableException | RuntimeException e) {
            say(e);
        }
    }

    private static void say(Exception e) {
        SaidElsewhere.say(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
}
