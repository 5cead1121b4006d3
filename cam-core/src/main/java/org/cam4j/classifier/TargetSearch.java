package org.cam4j.classifier;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Slice;

/**
 * Finds the last values with cells that the scores are made of.
 *
 * <p>From the scores towards the image, every way is followed through vectors to the first value with several cells. If these are of
 * different sizes, or the scores read one cell alone, such as a transformer's class token, the target is instead the last value through
 * which every way from the image leads; for a class token, the last before cells were mixed.
 *
 * <p>Heads may put channels or pooled vectors beside each other as if they were rows. Where the cells found are of no place in the image,
 * the target is the last value through which every way leads and whose cells have one, if there is one.
 */
final class TargetSearch {

    private final PlanSteps steps;
    private final int logits;
    private final IntPredicate hasPlace;

    /** With {@code hasPlace} whether a value's cells lie somewhere in the image. */
    TargetSearch(PlanSteps steps, int logits, IntPredicate hasPlace) {
        this.steps = steps;
        this.logits = logits;
        this.hasPlace = hasPlace;
    }

    /** Returns the values in the plan's order; none if a way leads to an input without meeting cells. */
    List<Integer> values() {
        List<Integer> last = last();
        if (last.stream().allMatch(hasPlace::test)) {
            return last;
        }
        return throughAll(false, hasPlace).map(List::of).orElse(last);
    }

    private List<Integer> last() {
        Set<Integer> found = new TreeSet<>();
        boolean readsOneCell = false;
        Deque<Integer> open = new ArrayDeque<>(List.of(logits));
        Set<Integer> seen = new HashSet<>();
        while (!open.isEmpty()) {
            int value = open.pop();
            if (!seen.add(value)) {
                continue;
            }
            Optional<Step> maker = steps.maker(value);
            if (maker.isEmpty()) {
                return List.of();
            }
            for (int read : maker.get().inputs()) {
                if (!hasCells(read)) {
                    open.push(read);
                } else if (steps.maker(read).isEmpty()) {
                    return List.of();
                } else {
                    found.add(read);
                    readsOneCell |= takesCells(maker.get());
                }
            }
        }
        if (readsOneCell || differ(found)) {
            return throughAll(readsOneCell, value -> true).stream().toList();
        }
        return List.copyOf(found);
    }

    /** Whether a value has rows and columns, or tokens. */
    private boolean hasCells(int value) {
        return !steps.shape(value).isVector();
    }

    private static boolean takesCells(Step step) {
        return step.operation() instanceof Slice || step.operation() instanceof Crop;
    }

    private boolean differ(Set<Integer> values) {
        return values.stream()
                        .map(value -> steps.shape(value).withChannels(1))
                        .distinct()
                        .count()
                > 1;
    }

    /** Finds the last fitting value with cells through which every way leads; if wanted, before a matrix product that mixes its cells. */
    private Optional<Integer> throughAll(boolean beforeMixing, IntPredicate fits) {
        List<Step> all = steps.plan().steps();
        boolean isMixed = !beforeMixing;
        for (int i = all.size() - 1; i >= 0; i--) {
            Step step = all.get(i);
            if (isMixed && hasCells(step.value()) && fits.test(step.value()) && !leadsPast(step.value())) {
                return Optional.of(step.value());
            }
            isMixed |= step.operation() instanceof MatMul;
        }
        return Optional.empty();
    }

    /** Whether a way leads from the scores to an input without a value. */
    private boolean leadsPast(int without) {
        Deque<Integer> open = new ArrayDeque<>(List.of(logits));
        Set<Integer> seen = new HashSet<>(Set.of(without));
        while (!open.isEmpty()) {
            int value = open.pop();
            if (seen.add(value)) {
                Optional<Step> maker = steps.maker(value);
                if (maker.isEmpty()) {
                    return true;
                }
                maker.get().inputs().forEach(open::push);
            }
        }
        return !seen.contains(without) || without == logits;
    }
}
