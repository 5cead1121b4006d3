package org.cam4j.engine.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Concatenate;

/**
 * Finds chains of concatenations along the channels in which each begins with the one before it, as in DenseNet. All values of a chain
 * share memory, to which each concatenation appends its other parts: the parts before are not copied again.
 */
final class GrowingConcatenations {

    /** By a concatenation's value: the one that it continues. */
    private final Map<Integer, Integer> before = new HashMap<>();
    /** By a concatenation's value: channels of the last one of its chain. */
    private final Map<Integer, Integer> channels = new HashMap<>();

    GrowingConcatenations(InferencePlan plan) {
        Map<Integer, Integer> next = new HashMap<>();
        Map<Integer, Step> joins = new HashMap<>();
        for (Step step : plan.steps()) {
            int rank = plan.shape(step.value()).rank();
            if (rank != 3 || !step.operation().equals(new Concatenate(rank - 1))) {
                continue;
            }
            joins.put(step.value(), step);
            int first = step.inputs().get(0);
            boolean isOnce = step.inputs().indexOf(first) == step.inputs().lastIndexOf(first);
            // Only one may append.
            if (joins.containsKey(first) && isOnce && next.putIfAbsent(first, step.value()) == null) {
                before.put(step.value(), first);
            }
        }
        for (int value : joins.keySet()) {
            int last = value;
            while (next.containsKey(last)) {
                last = next.get(last);
            }
            channels.put(value, plan.shape(last).channels());
        }
    }

    /** The concatenation whose value a concatenation continues in the same memory. */
    OptionalInt before(int value) {
        Integer found = before.get(value);
        return found == null ? OptionalInt.empty() : OptionalInt.of(found);
    }

    /** Channels for which a concatenation's memory must have room. */
    int channels(int value) {
        return channels.get(value);
    }
}
