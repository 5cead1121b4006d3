package org.cam4j.onnx.translation;

import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;

/**
 * A graph as a plan for one image.
 *
 * @param plan with the classifying outputs, by their names in the graph
 * @param tensors where the plan has the graph's tensors, by name; those that another operation has swallowed are left out
 * @param notes what was dropped or is computed in another way, one sentence each
 */
public record Translation(InferencePlan plan, Map<String, Place> tensors, List<String> notes) {

    /** Copies the lists. */
    public Translation {
        tensors = Map.copyOf(tensors);
        notes = List.copyOf(notes);
    }
}
