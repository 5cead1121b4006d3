package org.cam4j.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cam4j.plan.operation.Shape;

/**
 * A network: steps on numbered values, from named inputs to named outputs. The inputs are the first values, numbered from 0.
 *
 * <p>Immutable and checked: every value is computed once, before it is read, and every size fits. {@link #toString()} lists the plan,
 * one step per line.
 */
public final class InferencePlan {

    /** The name of the only input of a classifier. */
    public static final String IMAGE = "image";

    /** The name of the output that holds the activations of a classifier's target layer. */
    public static final String FEATURES = "features";

    /** The name of the output that holds a classifier's scores before softmax or sigmoid. */
    public static final String LOGITS = "logits";

    /**
     * The name of the output that holds, for each cell, what it adds to the sums of a dense layer on the flattened features. Only plans
     * with a large such layer have it.
     */
    public static final String SUMMANDS = "summands";

    /** The value number of the first input. */
    public static final int INPUT = 0;

    private final Map<String, Shape> inputs;
    private final List<Step> steps;
    private final Map<String, Integer> outputs;
    private final Map<Integer, Shape> shapes = new LinkedHashMap<>();

    /**
     * Checks and keeps a plan.
     *
     * @param inputs names and sizes, in the order of their values' numbers, from 0; copied
     * @param steps in the order in which they run; copied
     * @param outputs the numbers of the wanted values by name; copied
     * @throws IllegalArgumentException if a value is missing or of the wrong size; the message names the step
     */
    public InferencePlan(Map<String, Shape> inputs, List<Step> steps, Map<String, Integer> outputs) {
        this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        this.steps = List.copyOf(steps);
        this.outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
        if (inputs.isEmpty() || outputs.isEmpty()) {
            throw new IllegalArgumentException("a plan of " + inputs.size() + " inputs and " + outputs.size()
                    + " outputs: expected one or more of both");
        }
        for (Shape input : this.inputs.values()) {
            shapes.put(shapes.size(), input);
        }
        for (Step step : this.steps) {
            if (step.value() < 0) {
                throw new IllegalArgumentException(
                        "step '" + step.name() + "' makes value " + step.value() + ": values are numbered from 0");
            }
            Shape made = shape(step);
            if (shapes.putIfAbsent(step.value(), made) != null) {
                throw new IllegalArgumentException("step '" + step.name() + "' makes value " + step.value() + " again");
            }
        }
        this.outputs.forEach((name, value) -> {
            if (!shapes.containsKey(value)) {
                throw new IllegalArgumentException("no step makes value " + value + ", the output '" + name + "'");
            }
        });
    }

    private Shape shape(Step step) {
        List<Shape> read = new ArrayList<>();
        for (int value : step.inputs()) {
            if (!shapes.containsKey(value)) {
                throw new IllegalArgumentException(
                        "step '" + step.name() + "' reads value " + value + ", which no step before it makes");
            }
            read.add(shapes.get(value));
        }
        try {
            return step.operation().output(read);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("step '" + step.name() + "': " + e.getMessage(), e);
        }
    }

    /**
     * Returns the inputs.
     *
     * @return names and sizes, in the order of their values' numbers, from 0; unmodifiable
     */
    public Map<String, Shape> inputs() {
        return inputs;
    }

    /**
     * Returns the size of the first input; for a classifier, of the image.
     *
     * @return rows, columns and channels
     */
    public Shape input() {
        return shapes.get(INPUT);
    }

    /**
     * Whether a value is an input.
     *
     * @param value its number
     * @return false if a step computes it
     */
    public boolean isInput(int value) {
        return value < inputs.size();
    }

    /**
     * Returns the steps.
     *
     * @return in the order in which they run; unmodifiable
     */
    public List<Step> steps() {
        return steps;
    }

    /**
     * Returns the outputs.
     *
     * @return the numbers of the wanted values by name, in alphabetical order; unmodifiable
     */
    public Map<String, Integer> outputs() {
        return outputs;
    }

    /**
     * Finds the value of an output.
     *
     * @param name of the output
     * @return its number
     * @throws IllegalArgumentException if there is no such output
     */
    public int output(String name) {
        Integer value = outputs.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the plan has no output '" + name + "', only " + outputs.keySet());
        }
        return value;
    }

    /**
     * Returns a plan of the same steps with other outputs.
     *
     * @param others the numbers of the wanted values by name
     * @return a new plan
     */
    public InferencePlan withOutputs(Map<String, Integer> others) {
        return new InferencePlan(inputs, steps, others);
    }

    /**
     * Returns a number that no value has, nor any above it.
     *
     * @return one more than the largest
     */
    public int freeValue() {
        return 1 + Collections.max(shapes.keySet());
    }

    /**
     * Returns the size of a value.
     *
     * @param value its number
     * @return its axes
     * @throws IllegalArgumentException if there is no such value
     */
    public Shape shape(int value) {
        Shape shape = shapes.get(value);
        if (shape == null) {
            throw new IllegalArgumentException("the plan has no value " + value);
        }
        return shape;
    }

    /** Lists one step per line: {@code %7 = convolution 3x3 padding 1,1,1,1 64->64 relu (%6)   56x56x64   'block1_conv2'}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (Map.Entry<String, Shape> input : inputs.entrySet()) {
            text.append('%').append(number++).append(" = ").append(input.getKey());
            text.append(' ').append(input.getValue()).append('\n');
        }
        steps.forEach(step -> text.append(line(step)));
        outputs.forEach((name, value) -> text.append(name)
                .append(" %")
                .append(value)
                .append(' ')
                .append(shape(value))
                .append('\n'));
        return text.toString();
    }

    private String line(Step step) {
        String read = step.inputs().stream().map(value -> "%" + value).collect(Collectors.joining(", "));
        return "%" + step.value() + " = " + step.operation().describe() + " (" + read + ")   " + shape(step.value())
                + "   '" + step.name() + "'\n";
    }
}
