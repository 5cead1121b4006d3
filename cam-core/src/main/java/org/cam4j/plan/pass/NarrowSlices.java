package org.cam4j.plan.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;

/**
 * Computes of a value only the rows that are read later, where each row is computed by itself.
 *
 * <p>A vision transformer's head reads the class token alone. Behind the last attention's keys and values, the other 196 tokens of 197 are
 * computed for nothing, on the way forward and, as zeros, on the way back. Not one of {@link PlanPass#ALL}: users may choose any layer.
 */
public final class NarrowSlices implements PlanPass {

    /** A range of one axis. */
    private record Range(int axis, int first, int count) {
        static Range of(Slice slice) {
            return new Range(slice.axis(), slice.first(), slice.count());
        }

        Range along(int otherAxis) {
            return new Range(otherAxis, first, count);
        }

        Slice slice() {
            return new Slice(axis, first, count);
        }
    }

    /** An operation that computes a range of its result: from a range of each input, or all of it where empty. */
    private record Narrowed(Operation operation, List<Optional<Range>> inputs) {
        static Optional<Narrowed> of(Operation operation, List<Optional<Range>> inputs) {
            return Optional.of(new Narrowed(operation, inputs));
        }
    }

    @Override
    public InferencePlan apply(InferencePlan plan) {
        return new Rewriting(plan).plan();
    }

    private static Optional<Narrowed> narrowed(InferencePlan plan, Step step, Range range) {
        Operation operation = step.operation();
        List<Shape> inputs = step.inputs().stream().map(plan::shape).toList();
        Shape output = plan.shape(step.value());
        boolean isLast = range.axis == output.rank() - 1;
        if (operation instanceof Activate) {
            return Narrowed.of(operation, List.of(Optional.of(range)));
        }
        if (operation instanceof Dense
                || operation instanceof LayerNormalize
                || operation instanceof ScaleShift
                || operation instanceof Softmax) {
            return isLast ? Optional.empty() : Narrowed.of(operation, List.of(Optional.of(range)));
        }
        if (operation instanceof Elementwise) {
            return isLast || !inputs.get(1).equals(inputs.get(0))
                    ? Optional.empty()
                    : Narrowed.of(operation, List.of(Optional.of(range), Optional.of(range)));
        }
        if (operation instanceof MatMul) {
            return range.axis == output.rank() - 2
                    ? Narrowed.of(operation, List.of(Optional.of(range), Optional.empty()))
                    : Optional.empty();
        }
        if (operation instanceof Transpose transpose) {
            return Narrowed.of(
                    operation, List.of(Optional.of(range.along(transpose.order().get(range.axis)))));
        }
        if (operation instanceof Slice slice) {
            return slice.axis() == range.axis ? Optional.empty() : Narrowed.of(operation, List.of(Optional.of(range)));
        }
        if (operation instanceof Concatenate concatenate) {
            return concatenate.axis() == range.axis
                    ? Optional.empty()
                    : Narrowed.of(
                            operation,
                            inputs.stream().map(input -> Optional.of(range)).toList());
        }
        return operation instanceof Reshape ? reshaped(inputs.get(0), output, range) : Optional.empty();
    }

    /** Finds the axis of the input with the same entries in the same order. */
    private static Optional<Narrowed> reshaped(Shape input, Shape output, Range range) {
        int wanted = before(output, range.axis);
        for (int axis = 0; axis < input.rank(); axis++) {
            if (before(input, axis) == wanted && input.size(axis) == output.size(range.axis)) {
                return Narrowed.of(
                        new Reshape(output.with(range.axis, range.count)), List.of(Optional.of(range.along(axis))));
            }
        }
        return Optional.empty();
    }

    private static int before(Shape shape, int axis) {
        int product = 1;
        for (int i = 0; i < axis; i++) {
            product *= shape.size(i);
        }
        return product;
    }

    /** The work on one plan: finds from the outputs what is read of each value, then computes no more. */
    private static final class Rewriting {

        private final InferencePlan plan;
        /** What all readers read of a value; empty for all of it. */
        private final Map<Integer, Optional<Range>> read = new HashMap<>();
        /** Steps that compute a range of their values. */
        private final Map<Integer, Narrowed> narrowed = new HashMap<>();

        private final List<Step> steps = new ArrayList<>();
        private final Map<Integer, Map<Range, Integer>> slices = new HashMap<>();
        private final Map<Integer, Integer> same = new HashMap<>();
        private int next;

        Rewriting(InferencePlan plan) {
            this.plan = plan;
            this.next = plan.freeValue();
            plan.outputs().values().forEach(value -> read.put(value, Optional.empty()));
            for (int i = plan.steps().size() - 1; i >= 0; i--) {
                readInputs(plan.steps().get(i));
            }
        }

        private void readInputs(Step step) {
            Optional<Range> range = read.getOrDefault(step.value(), Optional.empty());
            Optional<Narrowed> part = range.flatMap(wanted -> narrowed(plan, step, wanted));
            part.ifPresent(found -> narrowed.put(step.value(), found));
            for (int i = 0; i < step.inputs().size(); i++) {
                Optional<Range> wanted = part.isPresent()
                        ? part.get().inputs().get(i)
                        : step.operation() instanceof Slice slice ? Optional.of(Range.of(slice)) : Optional.empty();
                read.merge(step.inputs().get(i), wanted, (one, other) -> one.equals(other) ? one : Optional.empty());
            }
        }

        InferencePlan plan() {
            if (narrowed.isEmpty()) {
                return plan;
            }
            plan.steps().forEach(this::add);
            Map<String, Integer> outputs = new LinkedHashMap<>(plan.outputs());
            outputs.replaceAll((name, value) -> known(value));
            return new InferencePlan(plan.inputs(), steps, outputs);
        }

        private void add(Step step) {
            Narrowed part = narrowed.get(step.value());
            if (part == null) {
                if (step.operation() instanceof Slice slice
                        && isNarrow(step.inputs().get(0), Range.of(slice))) {
                    same.put(step.value(), known(step.inputs().get(0)));
                } else {
                    steps.add(
                            step.reading(step.inputs().stream().map(this::known).toList()));
                }
                return;
            }
            List<Integer> inputs = new ArrayList<>();
            for (int i = 0; i < step.inputs().size(); i++) {
                int value = step.inputs().get(i);
                inputs.add(part.inputs()
                        .get(i)
                        .map(range -> part(step, value, range))
                        .orElseGet(() -> known(value)));
            }
            steps.add(new Step(step.value(), step.name(), part.operation(), inputs));
        }

        /** Whether exactly this range of a value is computed. */
        private boolean isNarrow(int value, Range range) {
            return narrowed.containsKey(value) && read.get(value).equals(Optional.of(range));
        }

        private int known(int value) {
            return same.getOrDefault(value, value);
        }

        /** Returns the range of a value: what is computed of it, or a new slice. */
        private int part(Step reader, int value, Range range) {
            if (isNarrow(value, range)) {
                return known(value);
            }
            return slices.computeIfAbsent(value, key -> new HashMap<>()).computeIfAbsent(range, key -> {
                steps.add(new Step(next, reader.name(), range.slice(), List.of(known(value))));
                return next++;
            });
        }
    }
}
