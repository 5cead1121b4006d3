package org.cam4j.plan.adjoint;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;

/**
 * The part of a plan between a layer and the scores.
 *
 * @param values the numbers of the values that depend on the layer and on which the scores depend, the layer's own among them
 */
record Between(Set<Integer> values) {

    static Between of(InferencePlan plan, int from, List<Integer> to) {
        Set<Integer> depending = new HashSet<>(to);
        for (Step step : plan.steps()) {
            if (step.inputs().stream().anyMatch(depending::contains)) {
                depending.add(step.value());
            }
        }
        Set<Integer> leading = new HashSet<>(Set.of(from));
        for (int i = plan.steps().size() - 1; i >= 0; i--) {
            Step step = plan.steps().get(i);
            if (leading.contains(step.value()) && !to.contains(step.value())) {
                leading.addAll(step.inputs());
            }
        }
        if (!leading.containsAll(to)) {
            throw new IllegalArgumentException("the scores do not depend on the layer");
        }
        depending.retainAll(leading);
        return new Between(depending);
    }

    boolean contains(int value) {
        return values.contains(value);
    }
}
