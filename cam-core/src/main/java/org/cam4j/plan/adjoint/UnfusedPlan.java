package org.cam4j.plan.adjoint;

import java.util.ArrayList;
import java.util.List;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Activation;

/** Separates the activations that steps of the walked part end with, so that the numbers before them are values. */
final class UnfusedPlan {

    private UnfusedPlan() {}

    static InferencePlan of(InferencePlan plan, Between part, List<Integer> to) {
        int next = plan.freeValue();
        List<Step> steps = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (part.contains(step.value())
                    && !to.contains(step.value())
                    && step.operation() instanceof Activated activated
                    && !(activated instanceof Activate)
                    && !activated.activation().isIdentity()) {
                steps.add(new Step(next, step.name(), activated.withActivation(Activation.IDENTITY), step.inputs()));
                steps.add(new Step(step.value(), step.name(), new Activate(activated.activation()), List.of(next)));
                next++;
            } else {
                steps.add(step);
            }
        }
        return new InferencePlan(plan.inputs(), steps, plan.outputs());
    }
}
