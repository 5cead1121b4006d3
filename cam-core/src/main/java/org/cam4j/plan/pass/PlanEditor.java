package org.cam4j.plan.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;

/** A plan's steps while a pass changes them. Steps are found by the values that they make and read, not by searching. */
final class PlanEditor {

    private final InferencePlan plan;
    /** In the plan's order; null where a step was removed. */
    private final List<Step> steps;
    /** Places of the steps that make values. */
    private final Map<Integer, Integer> makers = new HashMap<>();
    /** Places of the steps that read values, in order. */
    private final Map<Integer, TreeSet<Integer>> readers = new HashMap<>();

    private final Map<String, Integer> outputs;

    PlanEditor(InferencePlan plan) {
        this.plan = plan;
        this.steps = new ArrayList<>(plan.steps());
        this.outputs = new LinkedHashMap<>(plan.outputs());
        for (int at = 0; at < steps.size(); at++) {
            enter(steps.get(at), at);
        }
    }

    private void enter(Step step, int at) {
        makers.put(step.value(), at);
        for (int value : step.inputs()) {
            readers.computeIfAbsent(value, key -> new TreeSet<>()).add(at);
        }
    }

    private void leave(Step step, int at) {
        makers.remove(step.value());
        for (int value : step.inputs()) {
            readers.get(value).remove(at);
        }
    }

    /** The steps as they are now, in an own list. */
    List<Step> steps() {
        return steps.stream().filter(Objects::nonNull).toList();
    }

    /** The step that makes a value; empty for the image. */
    Optional<Step> maker(int value) {
        return Optional.ofNullable(makers.get(value)).map(steps::get);
    }

    List<Step> readers(int value) {
        return readers.getOrDefault(value, new TreeSet<>()).stream()
                .map(steps::get)
                .toList();
    }

    /** Whether one step alone reads a value, once. */
    boolean isReadOnce(int value) {
        long reads = readers(value).stream()
                .flatMap(step -> step.inputs().stream())
                .filter(read -> read == value)
                .count();
        return reads == 1 && !isOutput(value);
    }

    /** Whether a value is wanted by itself. */
    boolean isOutput(int value) {
        return outputs.containsValue(value);
    }

    /** Where a step stands among the others: smaller before larger. */
    int position(Step step) {
        Integer at = makers.get(step.value());
        if (at == null || !steps.get(at).equals(step)) {
            throw new IllegalArgumentException("not a step of this plan any more: " + step);
        }
        return at;
    }

    /** Puts another step that makes the same value in a step's place. */
    void replace(Step step, Step by) {
        int at = position(step);
        leave(step, at);
        steps.set(at, by);
        enter(by, at);
    }

    /** Removes a step, if it is still there. */
    void remove(Step step) {
        Integer at = makers.get(step.value());
        if (at != null && steps.get(at).equals(step)) {
            leave(step, at);
            steps.set(at, null);
        }
    }

    /** Removes a step; who read what it makes reads another value from now on. */
    void bypass(Step step, int by) {
        remove(step);
        for (Step reader : readers(step.value())) {
            replace(
                    reader,
                    reader.reading(reader.inputs().stream()
                            .map(value -> value == step.value() ? by : value)
                            .toList()));
        }
        outputs.replaceAll((name, value) -> value == step.value() ? by : value);
    }

    InferencePlan plan() {
        return new InferencePlan(plan.inputs(), steps(), outputs);
    }
}
