package org.cam4j.plan.pass;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ScaleShift;

/**
 * Finds the hard sigmoid that models write as {@code clip(a·x + b, 0, h) / h}: {@code relu6(x + 3) / 6} in MobileNetV3 (Howard
 * et al., ICCV 2019).
 */
final class RecognizeHardSigmoids implements PlanPass {

    private static final float ROUNDING = 1e-6f;

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            recognize(editor, step);
        }
        return editor.plan();
    }

    private static void recognize(PlanEditor editor, Step last) {
        Optional<Step> clip = onlySource(editor, last);
        Optional<Step> line = clip.flatMap(step -> onlySource(editor, step));
        if (last.operation() instanceof ScaleShift share
                && line.isPresent()
                && clip.get().operation() instanceof Activate activate
                && line.get().operation() instanceof ScaleShift affine
                && activate.activation().function() == Activation.Function.CLIP
                && activate.activation().alpha() == 0
                && affine.isUniform()
                && share.isUniform()
                && share.onlyScales()
                && affine.activation().isIdentity()
                && share.activation().isIdentity()
                && Math.abs(share.scale()[0] * activate.activation().beta() - 1) < ROUNDING) {
            Activation found = new Activation(
                    Activation.Function.HARD_SIGMOID,
                    affine.scale()[0] * share.scale()[0],
                    affine.shift()[0] * share.scale()[0]);
            editor.replace(
                    last, last.with(new Activate(found)).reading(line.get().inputs()));
            editor.remove(clip.get());
            editor.remove(line.get());
        }
    }

    /** Finds the step that computes a step's input, if no other step reads that input. */
    private static Optional<Step> onlySource(PlanEditor editor, Step step) {
        int read = step.inputs().get(0);
        return editor.isReadOnce(read) ? editor.maker(read) : Optional.empty();
    }
}
