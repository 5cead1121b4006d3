package org.cam4j.plan.pass;

import java.util.List;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activated;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Window;

/**
 * Moves a separate zero padding into the convolution or pooling that reads it.
 *
 * <p>A max pooling ignores its own padding but sees the zeros of a separate one. Both give the same only if no number is below 0.
 */
final class AbsorbPadding implements PlanPass {

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        for (Step step : plan.steps()) {
            if (step.operation() instanceof Pad pad) {
                Step current = editor.maker(step.value()).orElseThrow();
                int padded = current.inputs().get(0);
                List<Step> readers = editor.readers(step.value());
                boolean nonNegative = isNonNegative(editor, padded);
                if (!editor.isOutput(step.value())
                        && readers.stream().allMatch(reader -> absorbed(pad, reader, step.value(), nonNegative)
                                .isPresent())) {
                    for (Step reader : readers) {
                        editor.replace(
                                reader,
                                reader.with(absorbed(pad, reader, step.value(), nonNegative)
                                        .orElseThrow()));
                    }
                    editor.bypass(current, padded);
                }
            }
        }
        return editor.plan();
    }

    private static Optional<Operation> absorbed(Pad pad, Step reader, int value, boolean nonNegative) {
        if (reader.operation() instanceof Convolution convolution
                && reader.inputs().lastIndexOf(value) == 0) {
            Window window = convolution.window();
            return Optional.of(
                    convolution.withWindow(window.withPadding(window.padding().plus(pad.padding()))));
        }
        if (reader.operation() instanceof Pooling pooling
                && pooling.kind() == Pooling.Kind.MAXIMUM
                && nonNegative
                && isSmallerThan(pooling.window(), pad.padding())) {
            Window window = pooling.window();
            return Optional.of(new Pooling(
                    pooling.kind(), window.withPadding(window.padding().plus(pad.padding()))));
        }
        return Optional.empty();
    }

    private static boolean isSmallerThan(Window window, Padding added) {
        Padding border = window.padding().plus(added);
        return Math.max(border.top(), border.bottom()) < window.height()
                && Math.max(border.left(), border.right()) < window.width();
    }

    private static boolean isNonNegative(PlanEditor editor, int value) {
        return editor.maker(value)
                .map(Step::operation)
                .filter(operation -> operation instanceof Activated activated
                        && activated.activation().isNonNegative())
                .isPresent();
    }
}
