package org.cam4j.plan;

/** Drops steps that hand on what they read. */
final class RemoveIdentities implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (isIdentity(step)) {
                // What it reads may have been bypassed by now: ask the editor.
                Step current = editor.maker(step.value()).orElseThrow();
                editor.bypass(current, current.inputs().get(0));
            }
        }
        return editor.plan();
    }

    private static boolean isIdentity(Step step) {
        Operation operation = step.operation();
        return (operation instanceof Activate activate && activate.activation().isIdentity())
                || (operation instanceof ScaleShift scaleShift && scaleShift.isIdentity())
                || (operation instanceof Pad pad && pad.border().isNone())
                || (operation instanceof Crop crop && crop.border().isNone())
                || (operation instanceof Enlarge enlarge && enlarge.factorY() == 1 && enlarge.factorX() == 1)
                || (operation instanceof Concatenate && step.inputs().size() == 1);
    }
}
