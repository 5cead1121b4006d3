package org.cam4j.classifier;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;

/** A plan's steps by their output values. */
final class PlanSteps {

    private final InferencePlan plan;
    private final Map<Integer, Step> makers = new HashMap<>();

    PlanSteps(InferencePlan plan) {
        this.plan = plan;
        plan.steps().forEach(step -> makers.put(step.value(), step));
    }

    InferencePlan plan() {
        return plan;
    }

    /** Returns the step that computes a value; empty for an input. */
    Optional<Step> maker(int value) {
        return Optional.ofNullable(makers.get(value));
    }

    Shape shape(int value) {
        return plan.shape(value);
    }

    /** Returns the name of an input by its value. */
    String input(int value) {
        return plan.inputs().keySet().stream().skip(value).findFirst().orElseThrow();
    }
}
