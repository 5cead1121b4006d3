package org.cam4j.plan.pass;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.WeightArray;

/**
 * Folds a scale and shift into the convolution, dense layer, or scale and shift before it:
 * {@code s·(W·x + b) + t = (s·W)·x + (s·b + t)}.
 */
final class FoldIntoPreceding implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (step.operation() instanceof ScaleShift second) {
                Step current = editor.maker(step.value()).orElseThrow();
                int read = current.inputs().get(0);
                Optional<Step> before = editor.maker(read).filter(maker -> editor.isReadOnce(read));
                if (before.isPresent()
                        && before.get().operation() instanceof Convolution convolution
                        && convolution.activation().isIdentity()
                        && !convolution.addsInput()) {
                    editor.replace(before.get(), before.get().with(folded(convolution, second)));
                    editor.bypass(current, read);
                } else if (before.isPresent()
                        && before.get().operation() instanceof Dense dense
                        && dense.activation().isIdentity()) {
                    editor.replace(before.get(), before.get().with(folded(dense, second)));
                    editor.bypass(current, read);
                } else if (before.isPresent()
                        && before.get().operation() instanceof ScaleShift first
                        && first.activation().isIdentity()) {
                    editor.replace(before.get(), before.get().with(folded(first, second)));
                    editor.bypass(current, read);
                }
            }
        }
        return editor.plan();
    }

    private static Convolution folded(Convolution convolution, ScaleShift after) {
        return convolution
                .withWeights(scaled(convolution.weights(), after), shifted(convolution.bias(), after))
                .withActivation(after.activation());
    }

    private static Dense folded(Dense dense, ScaleShift after) {
        return dense.withWeights(scaled(dense.weights(), after), shifted(dense.bias(), after))
                .withActivation(after.activation());
    }

    /** Scales weights along their first axis, the outputs. */
    private static WeightArray scaled(WeightArray array, ScaleShift after) {
        int perOutput = array.length() / after.scale().length;
        return WeightArray.scaled(array, after.scale(), perOutput, 1, perOutput);
    }

    private static ScaleShift folded(ScaleShift first, ScaleShift second) {
        float[] scale = first.scale().clone();
        for (int c = 0; c < scale.length; c++) {
            scale[c] *= second.scale()[c];
        }
        return new ScaleShift(scale, shifted(first.shift(), second), second.activation());
    }

    private static float[] shifted(float[] values, ScaleShift after) {
        float[] shifted = new float[values.length];
        for (int c = 0; c < shifted.length; c++) {
            shifted[c] = (float) ((double) values[c] * after.scale()[c] + after.shift()[c]);
        }
        return shifted;
    }
}
