package org.cam4j.plan.pass;

import java.util.List;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Elementwise;

/**
 * Fuses a residual sum into the later convolution, which then adds the other value itself.
 *
 * <p>The sum overwrites the other value in memory. If the other value is read later, or is the image or an output, the sum stays a
 * separate step.
 */
final class FuseResidualSums implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (step.operation() instanceof Elementwise combine && combine.kind() == Elementwise.Kind.ADD) {
                Step sum = editor.maker(step.value()).orElseThrow();
                int first = sum.inputs().get(0);
                int second = sum.inputs().get(1);
                if (first != second && plan.shape(first).equals(plan.shape(second))) {
                    if (position(editor, first) > position(editor, second)) {
                        fuse(editor, sum, combine, first, second);
                    } else {
                        fuse(editor, sum, combine, second, first);
                    }
                }
            }
        }
        return editor.plan();
    }

    private static void fuse(PlanEditor editor, Step sum, Elementwise combine, int later, int other) {
        Optional<Step> maker = editor.maker(later);
        if (maker.isPresent()
                && maker.get().operation() instanceof Convolution convolution
                && convolution.activation().isIdentity()
                && !convolution.addsInput()
                && editor.isReadOnce(later)
                && isLastReadBy(editor, sum, other, editor.position(maker.get()))) {
            Step fused = new Step(
                    later,
                    maker.get().name(),
                    convolution.withSum(combine.activation()),
                    List.of(maker.get().inputs().get(0), other));
            editor.replace(maker.get(), fused);
            editor.bypass(sum, later);
        }
    }

    private static boolean isLastReadBy(PlanEditor editor, Step sum, int other, int convolution) {
        return editor.maker(other).isPresent()
                && !editor.isOutput(other)
                && editor.readers(other).stream()
                        .allMatch(reader -> reader.equals(sum) || editor.position(reader) < convolution);
    }

    private static int position(PlanEditor editor, int value) {
        return editor.maker(value).map(editor::position).orElse(-1);
    }
}
