package org.cam4j.plan.pass;

import java.util.List;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;

/** Removes steps with a result that no step reads and that is no output. */
final class RemoveUnread implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        List<Step> steps = plan.steps();
        for (int i = steps.size() - 1; i >= 0; i--) {
            int value = steps.get(i).value();
            if (editor.readers(value).isEmpty() && !editor.isOutput(value)) {
                editor.remove(steps.get(i));
            }
        }
        return editor.plan();
    }
}
