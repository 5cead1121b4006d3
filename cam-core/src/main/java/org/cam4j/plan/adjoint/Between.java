package org.cam4j.plan.adjoint;

import java.util.List;
import java.util.Set;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;

/**
 * The part of a plan between a layer and the scores.
 *
 * @param values the numbers of the values that depend on the layer and on which the scores depend, the layer's own among them
 */
record Between(Set<Integer> values) {

    static Between of(InferencePlan plan, int from, List<Integer> to) {
        Set<Integer> depending = Dependencies.dependingOn(plan, to);
        Set<Integer> leading = Dependencies.leadingTo(plan, Set.of(from), to);
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
