package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;

/** The steps of a plan under construction. Each carries the name of the tensor that is being made. Not thread-safe. */
final class Steps {

    private final Shape image;
    private final PlanBuilder builder;
    private final Map<Integer, Step> makers = new HashMap<>();
    private final Map<Reshaped, Integer> reshapes = new HashMap<>();
    private String name = "";

    private record Reshaped(int number, Shape shape) {}

    Steps(Shape image) {
        this.image = image;
        this.builder = new PlanBuilder(image);
    }

    /** Names the steps that follow. */
    void name(String tensor) {
        name = tensor;
    }

    int add(Operation operation, int... inputs) {
        List<Integer> read = new ArrayList<>();
        for (int input : inputs) {
            read.add(input);
        }
        int number = builder.add(name, operation, inputs);
        makers.put(number, new Step(number, name, operation, read));
        return number;
    }

    Shape shape(int number) {
        return builder.shape(number);
    }

    /** Returns the step that makes a value; empty for the image. */
    Optional<Step> maker(int number) {
        return Optional.ofNullable(makers.get(number));
    }

    /** Returns a value in another shape, or the value itself if it has that shape. */
    int as(int number, Shape shape) {
        if (shape(number).equals(shape)) {
            return number;
        }
        // The shape of before, rather than a second reshape.
        int source = maker(number)
                .filter(step -> step.operation() instanceof Reshape)
                .map(step -> step.inputs().get(0))
                .orElse(number);
        if (shape(source).equals(shape)) {
            return source;
        }
        Reshaped wanted = new Reshaped(source, shape);
        Integer known = reshapes.get(wanted);
        if (known == null) {
            known = add(new Reshape(shape), source);
            reshapes.put(wanted, known);
        }
        return known;
    }

    Value activated(Value value, Activation activation) {
        return new Value(add(new Activate(activation), value.number()), value.dims(), value.order());
    }

    /** Builds the plan of the steps that lead to its outputs. */
    InferencePlan plan(Map<String, Integer> outputs) {
        Set<Integer> read = new HashSet<>(outputs.values());
        List<Step> all = builder.steps();
        List<Step> kept = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0; i--) {
            Step step = all.get(i);
            if (read.contains(step.value())) {
                read.addAll(step.inputs());
                kept.add(0, step);
            }
        }
        return new InferencePlan(Map.of(InferencePlan.IMAGE, image), kept, outputs);
    }
}
