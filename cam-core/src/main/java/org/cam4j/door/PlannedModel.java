package org.cam4j.door;

import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;

/**
 * A model as a plan.
 *
 * @param plan with the scores of classes as outputs, by the model's names for them; values without a batch
 * @param layers the numbers of the plan's values by the file's names for them: tensors and, where they differ, the nodes that make them
 * @param notes what was dropped or is computed in another way, one sentence each
 */
public record PlannedModel(InferencePlan plan, Map<String, Integer> layers, List<String> notes) {

    /** Copies the collections. */
    public PlannedModel {
        layers = Map.copyOf(layers);
        notes = List.copyOf(notes);
    }
}
