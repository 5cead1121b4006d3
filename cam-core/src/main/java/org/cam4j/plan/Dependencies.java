package org.cam4j.plan;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cam4j.plan.operation.Concatenate;

/** Which values of a plan depend on which. Values are given by their numbers. */
public final class Dependencies {

    private Dependencies() {}

    /**
     * Returns the values that are computed from some.
     *
     * @param plan any plan
     * @param values where to begin
     * @return the values that depend on one of them, and they themselves
     */
    public static Set<Integer> dependingOn(InferencePlan plan, Collection<Integer> values) {
        Set<Integer> depending = new HashSet<>(values);
        for (Step step : plan.steps()) {
            if (step.inputs().stream().anyMatch(depending::contains)) {
                depending.add(step.value());
            }
        }
        return depending;
    }

    /**
     * Returns the values from which some are computed.
     *
     * @param plan any plan
     * @param values where to begin
     * @return the values on which one of them depends, and they themselves
     */
    public static Set<Integer> leadingTo(InferencePlan plan, Collection<Integer> values) {
        return leadingTo(plan, values, Set.of());
    }

    /**
     * Returns the values from which some are computed, not looking past others.
     *
     * @param plan any plan
     * @param values where to begin
     * @param ends values at which to stop
     * @return the values on which one of them depends, they themselves, and the ends that are met
     */
    public static Set<Integer> leadingTo(InferencePlan plan, Collection<Integer> values, Collection<Integer> ends) {
        Set<Integer> leading = new HashSet<>(values);
        for (int i = plan.steps().size() - 1; i >= 0; i--) {
            Step step = plan.steps().get(i);
            if (leading.contains(step.value()) && !ends.contains(step.value())) {
                leading.addAll(step.inputs());
            }
        }
        return leading;
    }

    /**
     * Returns the feature maps that the scores are made of.
     *
     * @param plan with outputs {@link InferencePlan#FEATURES} and {@link InferencePlan#LOGITS}
     * @return the features; if they are several maps joined for this output alone, these maps
     */
    public static List<Integer> featureMaps(InferencePlan plan) {
        int features = plan.output(InferencePlan.FEATURES);
        if (leadingTo(plan, Set.of(plan.output(InferencePlan.LOGITS))).contains(features)) {
            return List.of(features);
        }
        return plan.steps().stream()
                .filter(step -> step.value() == features && step.operation() instanceof Concatenate)
                .findFirst()
                .map(Step::inputs)
                .orElse(List.of(features));
    }
}
