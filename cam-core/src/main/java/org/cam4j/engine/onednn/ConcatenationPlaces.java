package org.cam4j.engine.onednn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.plan.Concatenate;
import org.cam4j.plan.Convolution;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Shape;
import org.cam4j.plan.Step;

/**
 * Lets steps write where a concatenation wants their values, so that it costs nothing.
 *
 * <p>In blocked layouts of one image the channels of whole blocks lie together; other layouts and channel counts are copied.
 */
final class ConcatenationPlaces {

    private final InferencePlan plan;
    private final KernelList kernels;
    private final Map<Integer, Tensor> places = new HashMap<>();

    private ConcatenationPlaces(InferencePlan plan, KernelList kernels) {
        this.plan = plan;
        this.kernels = kernels;
    }

    /** The places of concatenated values and of their parts, by value. */
    static Map<Integer, Tensor> of(InferencePlan plan, KernelList kernels) {
        if (!Layouts.areBlocked() || kernels.layouts().images() > 1) {
            return Map.of();
        }
        ConcatenationPlaces found = new ConcatenationPlaces(plan, kernels);
        // The last first: a concatenation may be a part of a later one.
        List<Step> steps = new ArrayList<>(plan.steps());
        Collections.reverse(steps);
        for (Step step : steps) {
            if (step.operation() instanceof Concatenate && found.partsFit(step)) {
                found.assign(step);
            }
        }
        return found.places;
    }

    private boolean partsFit(Step concatenation) {
        Set<Integer> distinct = new HashSet<>(concatenation.inputs());
        return distinct.size() == concatenation.inputs().size()
                && concatenation.inputs().stream()
                        .allMatch(value -> value != InferencePlan.INPUT
                                && !places.containsKey(value)
                                && plan.shape(value).channels() % Layouts.BLOCK == 0
                                && !addsInput(value));
    }

    /** A residual sum takes the place of what it adds. */
    private boolean addsInput(int value) {
        return plan.steps().stream()
                .anyMatch(step -> step.value() == value
                        && step.operation() instanceof Convolution convolution
                        && convolution.addsInput());
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
    }
}
