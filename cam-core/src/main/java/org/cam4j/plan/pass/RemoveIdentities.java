package org.cam4j.plan.pass;

import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Transpose;

/** Removes steps that return their input unchanged. */
final class RemoveIdentities implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (isIdentity(step, plan)) {
                // An earlier removal may have changed the step's input: ask the editor.
                Step current = editor.maker(step.value()).orElseThrow();
                editor.bypass(current, current.inputs().get(0));
            }
        }
        return editor.plan();
    }

    private static boolean isIdentity(Step step, InferencePlan plan) {
        Operation operation = step.operation();
        return (operation instanceof Activate activate && activate.activation().isIdentity())
                || (operation instanceof ScaleShift scaleShift && scaleShift.isIdentity())
                || (operation instanceof Pad pad && pad.padding().isNone())
                || (operation instanceof Crop crop && crop.cropping().isNone())
                || (operation instanceof Transpose transpose && transpose.isIdentity())
                || ((operation instanceof Resize
                                || operation instanceof InsertZeros
                                || operation instanceof Reshape
                                || operation instanceof Slice)
                        && plan.shape(step.value())
                                .equals(plan.shape(step.inputs().get(0))))
                || (operation instanceof Concatenate && step.inputs().size() == 1);
    }
}
