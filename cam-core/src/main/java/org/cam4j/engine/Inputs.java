package org.cam4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.operation.Shape;

/**
 * The inputs of one run, checked against the plan that they are for.
 *
 * @param count n, how many of each
 * @param batches one for each input of the plan, in the plan's order
 */
public record Inputs(int count, List<Batch> batches) {

    /** Copies the list. */
    public Inputs {
        batches = List.copyOf(batches);
    }

    /**
     * Checks that there is a batch for each input of a plan, of its size, and as many in each.
     *
     * @param plan the plan to run
     * @param given batches by the names of the plan's inputs
     * @return the batches in the plan's order
     * @throws IllegalArgumentException if one is missing, unknown, of another size or of another number
     */
    public static Inputs of(InferencePlan plan, Map<String, Batch> given) {
        if (!given.keySet().equals(plan.inputs().keySet())) {
            throw new IllegalArgumentException("inputs " + given.keySet() + " for a network that takes "
                    + plan.inputs().keySet());
        }
        List<Batch> batches = new ArrayList<>();
        for (Map.Entry<String, Shape> input : plan.inputs().entrySet()) {
            Batch batch = given.get(input.getKey());
            batch.requireShape(input.getValue());
            if (!batches.isEmpty() && batch.count() != batches.get(0).count()) {
                throw new IllegalArgumentException(batch.count() + " of '" + input.getKey() + "' beside "
                        + batches.get(0).count() + ": expected as many of each input");
            }
            batches.add(batch);
        }
        return new Inputs(batches.get(0).count(), batches);
    }
}
