package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;

/** Two plans as one, in which the second reads outputs of the first by their names, so that these leave no engine. */
final class ChainedPlan {

    private final List<Step> steps = new ArrayList<>();
    private final List<String> inputs = new ArrayList<>();

    private ChainedPlan() {}

    /**
     * Chains plans.
     *
     * @return a plan with the inputs of both, but for those that are outputs of the first, and the second one's outputs
     */
    static InferencePlan of(InferencePlan first, InferencePlan second) {
        Map<String, Shape> shapes = new LinkedHashMap<>(first.inputs());
        second.inputs().forEach((name, shape) -> {
            if (!first.outputs().containsKey(name)) {
                shapes.putIfAbsent(name, shape);
            }
        });
        ChainedPlan chained = new ChainedPlan();
        chained.inputs.addAll(shapes.keySet());
        Map<Integer, Integer> ofFirst = chained.append(first, Map.of());
        Map<String, Integer> given = new HashMap<>();
        first.outputs().forEach((name, value) -> given.put(name, ofFirst.get(value)));
        Map<Integer, Integer> ofSecond = chained.append(second, given);
        Map<String, Integer> outputs = new HashMap<>();
        second.outputs().forEach((name, value) -> outputs.put(name, ofSecond.get(value)));
        return new InferencePlan(shapes, chained.steps, outputs);
    }

    /** Appends a plan's steps; returns the new numbers of its values. */
    private Map<Integer, Integer> append(InferencePlan plan, Map<String, Integer> given) {
        Map<Integer, Integer> numbers = new HashMap<>();
        for (String input : plan.inputs().keySet()) {
            Integer known = given.get(input);
            numbers.put(numbers.size(), known == null ? (Integer) inputs.indexOf(input) : known);
        }
        for (Step step : plan.steps()) {
            int value = inputs.size() + steps.size();
            numbers.put(step.value(), value);
            steps.add(new Step(
                    value,
                    step.name(),
                    step.operation(),
                    step.inputs().stream().map(numbers::get).toList()));
        }
        return numbers;
    }
}
