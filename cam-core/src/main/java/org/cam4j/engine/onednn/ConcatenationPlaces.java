package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;

/**
 * Lets steps write their results directly into the concatenated value, so that the concatenation needs no copy.
 *
 * <p>In blocked layouts of one image the channels of whole blocks are contiguous; other layouts and channel counts are copied. A
 * concatenation whose parts do not fit may still be part of a later one. It then has a place, but it is not
 * {@linkplain #isAssembled assembled} and is computed into the place like any other step.
 */
final class ConcatenationPlaces {

    private final InferencePlan plan;
    private final KernelList kernels;
    private final Map<Integer, Tensor> places = new HashMap<>();
    private final Set<Integer> assembled = new HashSet<>();
    private final Set<Integer> sums = new HashSet<>();

    private ConcatenationPlaces(InferencePlan plan, KernelList kernels) {
        this.plan = plan;
        this.kernels = kernels;
        for (Step step : plan.steps()) {
            if (step.operation() instanceof Convolution convolution && convolution.addsInput()) {
                sums.add(step.value());
            }
        }
    }

    /** Chooses the places of concatenated values and of their parts. */
    static ConcatenationPlaces of(InferencePlan plan, KernelList kernels) {
        ConcatenationPlaces found = new ConcatenationPlaces(plan, kernels);
        if (!kernels.layouts().areBlocked() || kernels.layouts().images() > 1) {
            return found;
        }
        // From last to first: a concatenation may be a part of a later one.
        List<Step> steps = new ArrayList<>(plan.steps());
        Collections.reverse(steps);
        for (Step step : steps) {
            if (step.operation() instanceof Concatenate concatenate
                    && concatenate.axis() == plan.shape(step.value()).rank() - 1
                    && found.partsFit(step)) {
                found.assign(step);
            }
        }
        return found;
    }

    /** Returns the place into which a step must write its result; null if the step may choose. */
    Tensor place(int value) {
        return places.get(value);
    }

    /** Whether a concatenation is complete once its parts are computed in their places. */
    boolean isAssembled(int value) {
        return assembled.contains(value);
    }

    private boolean partsFit(Step concatenation) {
        Set<Integer> distinct = new HashSet<>(concatenation.inputs());
        return distinct.size() == concatenation.inputs().size()
                && concatenation.inputs().stream()
                        .allMatch(value -> !plan.isInput(value)
                                && !places.containsKey(value)
                                && plan.shape(value).channels() % Layouts.BLOCK == 0
                                // A residual sum overwrites the value that it adds.
                                && !sums.contains(value));
    }

    private void assign(Step concatenation) {
        Tensor whole = places.computeIfAbsent(
                concatenation.value(), value -> kernels.tensor(kernels.layouts().preferred(plan.shape(value))));
        long offset = 0;
        for (int value : concatenation.inputs()) {
            Shape shape = plan.shape(value);
            Tensor part = kernels.part(whole, kernels.layouts().preferred(shape), offset);
            places.put(value, part);
            offset += part.bytes();
        }
        assembled.add(concatenation.value());
    }
}
