package org.cam4j.plan.pass;

import java.util.List;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.ScaleShift;

/**
 * Folds a scale and shift into the convolutions and dense layers that read its result: {@code W·(s·x + t) + b = (W·s)·x + (W·t + b)}.
 *
 * <p>A convolution pads with zeros, not with {@code t}: if it pads, only a scale without a shift is folded.
 */
final class FoldIntoFollowing implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (step.operation() instanceof ScaleShift before
                    && before.activation().isIdentity()) {
                List<Step> readers = editor.readers(step.value());
                if (!editor.isOutput(step.value())
                        && !readers.isEmpty()
                        && readers.stream().allMatch(reader -> canFold(before, step.value(), reader))) {
                    for (Step reader : readers) {
                        editor.replace(reader, reader.with(folded(before, reader.operation())));
                    }
                    Step current = editor.maker(step.value()).orElseThrow();
                    editor.bypass(current, current.inputs().get(0));
                }
            }
        }
        return editor.plan();
    }

    private static boolean canFold(ScaleShift before, int value, Step reader) {
        if (reader.operation() instanceof Dense) {
            return true;
        }
        return reader.operation() instanceof Convolution convolution
                && reader.inputs().lastIndexOf(value) == 0
                && (before.onlyScales() || convolution.window().padding().isNone());
    }

    private static Operation folded(ScaleShift before, Operation reader) {
        return reader instanceof Dense dense ? folded(before, dense) : folded(before, (Convolution) reader);
    }

    private static Dense folded(ScaleShift before, Dense dense) {
        float[] weights = dense.weights().values().clone();
        float[] bias = dense.bias().clone();
        for (int out = 0; out < bias.length; out++) {
            double shift = 0;
            for (int in = 0; in < dense.inputs(); in++) {
                int at = out * dense.inputs() + in;
                shift += (double) weights[at] * before.shift()[in];
                weights[at] *= before.scale()[in];
            }
            bias[out] = (float) (bias[out] + shift);
        }
        return dense.withWeights(weights, bias);
    }

    private static Convolution folded(ScaleShift before, Convolution convolution) {
        float[] weights = convolution.weights().values().clone();
        float[] bias = convolution.bias().clone();
        int kernel = convolution.window().height() * convolution.window().width();
        int perGroup = convolution.inputs() / convolution.groups();
        int outputsPerGroup = convolution.outputs() / convolution.groups();
        for (int out = 0; out < bias.length; out++) {
            double shift = 0;
            for (int in = 0; in < perGroup; in++) {
                int channel = out / outputsPerGroup * perGroup + in;
                int start = (out * perGroup + in) * kernel;
                for (int i = start; i < start + kernel; i++) {
                    shift += (double) weights[i] * before.shift()[channel];
                    weights[i] *= before.scale()[channel];
                }
            }
            bias[out] = (float) (bias[out] + shift);
        }
        return convolution.withWeights(weights, bias);
    }
}
