package org.cam4j.dl4j.graph;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;

/**
 * A graph's plan, or why it has none.
 *
 * @param plan empty if the graph does something that no plan can say
 * @param objection the layer in the way and what about it; empty if there is a plan
 */
public record Planning(Optional<InferencePlan> plan, String objection) {

    static Planning of(InferencePlan plan) {
        return new Planning(Optional.of(plan), "");
    }

    static Planning refused(String objection) {
        return new Planning(Optional.empty(), objection);
    }
}
