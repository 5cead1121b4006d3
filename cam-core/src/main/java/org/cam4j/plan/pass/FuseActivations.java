package org.cam4j.plan.pass;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;

/** Fuses an activation into the step before it, if no other step reads that step's result. */
final class FuseActivations implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (step.operation() instanceof Activate activate) {
                Step current = editor.maker(step.value()).orElseThrow();
                int read = current.inputs().get(0);
                Optional<Step> before = editor.maker(read);
                if (before.isPresent()
                        && editor.isReadOnce(read)
                        && before.get().operation() instanceof Activated activated
                        && activated.activation().isIdentity()) {
                    editor.replace(before.get(), before.get().with(activated.withActivation(activate.activation())));
                    editor.bypass(current, read);
                }
            }
        }
        return editor.plan();
    }
}
