package org.cam4j.plan;

import java.util.List;

/** Drops steps whose value nobody reads. */
final class RemoveUnread implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        List<Step> steps = plan.steps();
        for (int i = steps.size() - 1; i >= 0; i--) {
            int value = steps.get(i).value();
            if (editor.readers(value).isEmpty() && !editor.isFeatures(value)) {
                editor.remove(steps.get(i));
            }
        }
        return editor.plan();
    }
}
