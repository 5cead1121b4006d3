package org.cam4j.classifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.External;

/** A single score {@code z} that separates two classes: the logit of class 1, and {@code -z} that of class 0. */
final class BinaryScore {

    private BinaryScore() {}

    /** Whether there is one score, and its plan can be extended. */
    static boolean isOne(ScoreActivation scores) {
        return scores.plan().shape(scores.logits()).size() == 1
                && scores.activation() != OutputActivation.SOFTMAX
                && scores.plan().steps().stream().noneMatch(step -> step.operation() instanceof External);
    }

    static ScoreActivation ofBothClasses(ScoreActivation scores) {
        InferencePlan plan = scores.plan();
        List<Step> steps = new ArrayList<>(plan.steps());
        int both = plan.freeValue();
        Step last = steps.stream()
                .filter(step -> step.value() == scores.logits())
                .findFirst()
                .orElseThrow();
        Dense signs = Dense.of(new float[] {-1, 1}, new float[2], Activation.IDENTITY);
        steps.add(new Step(both, last.name(), signs, List.of(scores.logits())));
        InferencePlan extended = new InferencePlan(plan.inputs(), steps, Map.of(InferencePlan.LOGITS, both));
        return new ScoreActivation(extended, both, scores.activation());
    }
}
