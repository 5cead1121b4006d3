package org.cam4j.classifier;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Shape;

/** The target layers of a classifier, and their maps as one output of its plan. */
final class FeatureMaps {

    private FeatureMaps() {}

    static List<MappedLayer> of(PlanSteps steps, Collection<Integer> values) {
        return values.stream()
                .map(value -> {
                    Step step = steps.maker(value).orElseThrow();
                    return new MappedLayer(
                            value,
                            step.name(),
                            lastConvolution(steps, step),
                            steps.shape(value).channels());
                })
                .toList();
    }

    private static String lastConvolution(PlanSteps steps, Step features) {
        // Inputs of a joining step are searched from the last to the first: of a residual sum, the branch before the
        // shortcut.
        Deque<Step> open = new ArrayDeque<>(List.of(features));
        Set<Integer> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Step step = open.pop();
            if (!seen.add(step.value())) {
                continue;
            }
            if (step.operation() instanceof Convolution) {
                return step.name();
            }
            step.inputs().forEach(input -> steps.maker(input).ifPresent(open::push));
        }
        throw HeadRefusal.of(
                "no convolution leads to '" + features.name() + "'", "Put convolutions before the pooling.");
    }

    /** Returns a plan with its other outputs, the maps and the logits. */
    static InferencePlan asOutputs(PlanSteps steps, List<MappedLayer> maps, int logits) {
        InferencePlan plan = steps.plan();
        Map<String, Integer> outputs = new TreeMap<>(plan.outputs());
        outputs.put(InferencePlan.LOGITS, logits);
        if (maps.size() == 1) {
            outputs.put(InferencePlan.FEATURES, maps.get(0).value());
            return plan.withOutputs(outputs);
        }
        requireSameCells(plan, maps);
        int joined = plan.freeValue();
        Step step = new Step(
                joined,
                Classifier.names(maps.stream().map(MappedLayer::name).toList()),
                new Concatenate(plan.shape(maps.get(0).value()).rank() - 1),
                maps.stream().map(MappedLayer::value).toList());
        outputs.put(InferencePlan.FEATURES, joined);
        return new InferencePlan(
                plan.inputs(),
                Stream.concat(plan.steps().stream(), Stream.of(step)).toList(),
                outputs);
    }

    /** Refuses maps of different sizes: their cells have different sizes, so they cannot be added to one map. */
    private static void requireSameCells(InferencePlan plan, List<MappedLayer> maps) {
        MappedLayer first = maps.get(0);
        Shape expected = plan.shape(first.value());
        for (MappedLayer other : maps) {
            Shape found = plan.shape(other.value());
            if (!found.sameCells(expected)) {
                throw new UnsupportedModelException("the classes are pooled from '" + first.name() + "', "
                        + expected.height() + "x" + expected.width() + ", and '" + other.name() + "', "
                        + found.height() + "x" + found.width()
                        + ": a class activation map is the sum of maps of one size. Bring them to one size before the"
                        + " pooling, with UpSampling2D or AveragePooling2D, and train the head again.");
            }
        }
    }
}
