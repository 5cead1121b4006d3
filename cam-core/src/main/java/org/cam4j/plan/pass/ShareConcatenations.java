package org.cam4j.plan.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Concatenate;

/**
 * Lets a concatenation that begins with all parts of an earlier one read that one instead of its parts.
 *
 * <p>PyTorch's DenseNet concatenates all earlier values before every layer. As nested concatenations each value lies in one place only, and
 * engines can compute it there without copies.
 */
final class ShareConcatenations implements PlanPass {

    /** A beginning of concatenations: a tree over the values that they consist of. */
    private static final class Beginning {
        private final Map<Integer, Beginning> longer = new HashMap<>();

        /** The first concatenation of exactly these values; null if there is none. */
        private Step whole;
    }

    @Override
    public InferencePlan apply(InferencePlan plan) {
        PlanEditor editor = new PlanEditor(plan);
        Map<Integer, Beginning> byAxis = new HashMap<>();
        for (Step step : plan.steps()) {
            if (step.operation() instanceof Concatenate concatenate) {
                Beginning nothing = byAxis.computeIfAbsent(concatenate.axis(), axis -> new Beginning());
                editor.replace(step, step.reading(nested(nothing, step)));
            }
        }
        return editor.plan();
    }

    /** Returns what a concatenation reads instead of its parts, and enters it into the tree. */
    private static List<Integer> nested(Beginning nothing, Step step) {
        List<Integer> parts = step.inputs();
        List<Integer> nested = parts;
        Beginning beginning = nothing;
        for (int i = 0; i < parts.size(); i++) {
            beginning = beginning.longer.computeIfAbsent(parts.get(i), value -> new Beginning());
            if (beginning.whole != null && i > 0 && i + 1 < parts.size()) {
                nested = new ArrayList<>();
                nested.add(beginning.whole.value());
                nested.addAll(parts.subList(i + 1, parts.size()));
            }
        }
        if (beginning.whole == null) {
            beginning.whole = step;
        }
        return nested;
    }
}
