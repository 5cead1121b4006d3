package org.cam4j.plan.pass;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.WeightArray;

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
        return dense.withWeights(
                WeightArray.scaled(
                        dense.weights(), before.scale(), dense.weights().length(), dense.inputs(), 1),
                shifted(dense.bias(), dense.weights(), before, i -> i % dense.inputs()));
    }

    private static Convolution folded(ScaleShift before, Convolution convolution) {
        WeightArray weights = convolution.weights();
        int kernel = convolution.window().height() * convolution.window().width();
        int perGroup = convolution.inputs() / convolution.groups();
        int block = weights.length() / convolution.groups();
        return convolution.withWeights(
                WeightArray.scaled(weights, before.scale(), block, perGroup, kernel),
                shifted(convolution.bias(), weights, before, i -> i / block * perGroup + i / kernel % perGroup));
    }

    /**
     * Adds what a shift contributes to each output.
     *
     * @param channel the channel that each weight multiplies
     */
    private static float[] shifted(float[] bias, WeightArray array, ScaleShift before, IntUnaryOperator channel) {
        float[] weights = array.values();
        int perOutput = weights.length / bias.length;
        float[] shifted = new float[bias.length];
        for (int out = 0; out < bias.length; out++) {
            double shift = 0;
            for (int i = out * perOutput; i < (out + 1) * perOutput; i++) {
                shift += (double) weights[i] * before.shift()[channel.applyAsInt(i)];
            }
            shifted[out] = (float) (bias[out] + shift);
        }
        return shifted;
    }
}
