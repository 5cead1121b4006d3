package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cam4j.plan.Dependencies;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Shape;

/**
 * The part of a plan behind a layer, as a plan of its own.
 *
 * @param plan takes the layer's values, {@code layer 0} and so on, and the values of other branches that the part reads
 * @param others numbers in the whole plan of the values of other branches, by the names of the part's inputs
 * @param before numbers of wanted outputs that do not depend on the layer, by name; the part does not compute them
 */
record PlanBehind(InferencePlan plan, Map<String, Integer> others, Map<String, Integer> before) {

    /**
     * Cuts a plan.
     *
     * @param whole the plan
     * @param layer numbers of the layer's values
     * @param wanted numbers of the wanted outputs by name; at least one depends on the layer
     */
    static PlanBehind of(InferencePlan whole, List<Integer> layer, Map<String, Integer> wanted) {
        Set<Integer> depending = Dependencies.dependingOn(whole, layer);
        Map<String, Integer> before = new TreeMap<>(wanted);
        before.values().removeIf(depending::contains);
        Map<String, Integer> behind = new TreeMap<>(wanted);
        behind.values().removeIf(value -> !depending.contains(value));
        List<Step> part = new ArrayList<>(whole.steps());
        Set<Integer> needed = Dependencies.leadingTo(whole, behind.values(), layer);
        part.removeIf(step ->
                layer.contains(step.value()) || !depending.contains(step.value()) || !needed.contains(step.value()));

        Map<String, Shape> inputs = new LinkedHashMap<>();
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int value : layer) {
            inputs.put(input(inputs.size()), whole.shape(value));
            numbers.put(value, numbers.size());
        }
        Map<String, Integer> others = new LinkedHashMap<>();
        for (Step step : part) {
            for (int value : step.inputs()) {
                if (!depending.contains(value) && !numbers.containsKey(value)) {
                    others.put("value " + value, value);
                    inputs.put("value " + value, whole.shape(value));
                    numbers.put(value, numbers.size());
                }
            }
        }
        List<Step> steps = new ArrayList<>();
        for (Step step : part) {
            numbers.put(step.value(), numbers.size());
            steps.add(new Step(
                    numbers.get(step.value()),
                    step.name(),
                    step.operation(),
                    step.inputs().stream().map(numbers::get).toList()));
        }
        behind.replaceAll((name, value) -> numbers.get(value));
        return new PlanBehind(new InferencePlan(inputs, steps, behind), others, before);
    }

    /** Returns the name of the input for one of a layer's values. */
    static String input(int index) {
        return "layer " + index;
    }
}
