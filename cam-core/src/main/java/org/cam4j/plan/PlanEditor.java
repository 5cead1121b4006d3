package org.cam4j.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan's steps while a pass changes them. */
final class PlanEditor {

    private final InferencePlan plan;
    private final List<Step> steps;
    private int features;

    PlanEditor(InferencePlan plan) {
        this.plan = plan;
        this.steps = new ArrayList<>(plan.steps());
        this.features = plan.features();
    }

    /** The steps as they are now, in an own list. */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The step that makes a value; empty for the image. */
    Optional<Step> maker(int value) {
        return steps.stream().filter(step -> step.value() == value).findFirst();
    }

    List<Step> readers(int value) {
        return steps.stream().filter(step -> step.inputs().contains(value)).toList();
    }

    /** Whether one step alone reads a value, once. */
    boolean isReadOnce(int value) {
        long reads = steps.stream()
                .flatMap(step -> step.inputs().stream())
                .filter(read -> read == value)
                .count();
        return reads == 1 && value != features;
    }

    boolean isFeatures(int value) {
        return value == features;
    }

    int position(Step step) {
        return steps.indexOf(step);
    }

    void replace(Step step, Step by) {
        steps.set(position(step), by);
    }

    void remove(Step step) {
        steps.remove(step);
    }

    /** Removes a step; who read what it makes reads another value from now on. */
    void bypass(Step step, int by) {
        steps.remove(step);
        for (Step reader : readers(step.value())) {
            replace(
                    reader,
                    reader.reading(reader.inputs().stream()
                            .map(value -> value == step.value() ? by : value)
                            .toList()));
        }
        if (features == step.value()) {
            features = by;
        }
    }

    InferencePlan plan() {
        return new InferencePlan(plan.input(), steps, features, plan.head());
    }
}
