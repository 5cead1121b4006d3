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

/** A plan's steps while a pass changes them, indexed by the values that they compute and read. Not thread-safe. */
final class PlanEditor {

    private final InferencePlan plan;
    /** In the plan's order; null where a step was removed. */
    private final List<Step> steps;
    /** Positions of the steps, by the values that they compute. */
    private final Map<Integer, Integer> makers = new HashMap<>();
    /** Positions of the steps, in order, by the values that they read. */
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

    /** Returns a copy of the current steps. */
    List<Step> steps() {
        return steps.stream().filter(Objects::nonNull).toList();
    }

    /** Finds the step that computes a value; empty for the image. */
    Optional<Step> maker(int value) {
        return Optional.ofNullable(makers.get(value)).map(steps::get);
    }

    List<Step> readers(int value) {
        return readers.getOrDefault(value, new TreeSet<>()).stream()
                .map(steps::get)
                .toList();
    }

    /** Whether a single step reads a value, and only once. */
    boolean isReadOnce(int value) {
        long reads = readers(value).stream()
                .flatMap(step -> step.inputs().stream())
                .filter(read -> read == value)
                .count();
        return reads == 1 && !isOutput(value);
    }

    /** Whether a value is an output of the plan. */
    boolean isOutput(int value) {
        return outputs.containsValue(value);
    }

    /** Returns a step's position; earlier steps have smaller ones. */
    int position(Step step) {
        Integer at = makers.get(step.value());
        if (at == null || !steps.get(at).equals(step)) {
            throw new IllegalArgumentException("not a step of this plan any more: " + step);
        }
        return at;
    }

    /** Replaces a step by another one that computes the same value. */
    void replace(Step step, Step by) {
        int at = position(step);
        leave(step, at);
        steps.set(at, by);
        enter(by, at);
    }

    /** Removes a step if it is still present. */
    void remove(Step step) {
        Integer at = makers.get(step.value());
        if (at != null && steps.get(at).equals(step)) {
            leave(step, at);
            steps.set(at, null);
        }
    }

    /** Removes a step; steps that read its result then read another value. */
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
