package org.cam4j.plan.adjoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;

/** Collects the steps of a way back; inputs may be declared at any time. Not thread-safe. */
final class BackwardPlan {

    private final Map<String, Integer> inputs = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();
    /** The name of the forward step that is walked back. */
    private String name = "";

    void walks(Step step) {
        name = step.name();
    }

    int input(String input, Shape shape) {
        return inputs.computeIfAbsent(input, missing -> {
            shapes.add(shape);
            return shapes.size() - 1;
        });
    }

    Shape shape(int value) {
        return shapes.get(value);
    }

    int add(Operation operation, int... read) {
        List<Integer> values = new ArrayList<>();
        List<Shape> sizes = new ArrayList<>();
        for (int value : read) {
            values.add(value);
            sizes.add(shape(value));
        }
        shapes.add(operation.output(sizes));
        steps.add(new Step(shapes.size() - 1, "back through " + name, operation, values));
        return shapes.size() - 1;
    }

    // ---- what many steps need ----

    int product(int first, int second) {
        return add(new Elementwise(Elementwise.Kind.MULTIPLY), first, second);
    }

    int sum(int first, int second) {
        return add(new Elementwise(Elementwise.Kind.ADD), first, second);
    }

    int difference(int first, int second) {
        return add(new Elementwise(Elementwise.Kind.SUBTRACT), first, second);
    }

    int scaled(int value, float factor) {
        return add(ScaleShift.uniform(shape(value).channels(), factor, 0), value);
    }

    int reshaped(int value, Shape shape) {
        return shape(value).equals(shape) ? value : add(new Reshape(shape), value);
    }

    /** For each cell, the weighted sum over its channels: the size of the value with one channel. */
    int weighted(int value, float... weights) {
        return add(Dense.of(weights, new float[1], Activation.IDENTITY), value);
    }

    /** The weighted sum of a value's numbers, [1]; the weights are for each channel. */
    int total(int value, float... weights) {
        int cells = weighted(value, weights);
        int count = shape(cells).size();
        int vector = reshaped(cells, new Shape(count));
        return count == 1 ? vector : weighted(vector, ones(count));
    }

    static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** The sum of single numbers, [1]. */
    int sum(List<Integer> numbers) {
        return numbers.size() == 1
                ? numbers.get(0)
                : weighted(
                        add(
                                new Concatenate(0),
                                numbers.stream().mapToInt(i -> i).toArray()),
                        ones(numbers.size()));
    }

    /** Numbers the inputs first, as plans do. */
    InferencePlan build(Map<String, Integer> outputs) {
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        Map<String, Shape> sizes = new LinkedHashMap<>();
        inputs.forEach((input, value) -> {
            numbers.put(value, numbers.size());
            sizes.put(input, shape(value));
        });
        List<Step> numbered = new ArrayList<>();
        for (Step step : steps) {
            numbers.put(step.value(), numbers.size());
            numbered.add(new Step(
                    numbers.get(step.value()),
                    step.name(),
                    step.operation(),
                    step.inputs().stream().map(numbers::get).toList()));
        }
        Map<String, Integer> wanted = new LinkedHashMap<>();
        outputs.forEach((output, value) -> wanted.put(output, numbers.get(value)));
        return new InferencePlan(sizes, numbered, wanted);
    }
}
