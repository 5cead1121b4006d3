package org.cam4j.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cam4j.plan.operation.Shape;

/**
 * A classifier's network, ready to be run: steps on numbered values from the image, value {@link #INPUT}, to the last
 * convolution's activations, and the head that makes logits of their averages.
 *
 * <p>Immutable and checked: every value is made once, before it is read, and every size fits. {@link #toString()} lists it, one
 * step a line.
 */
public final class InferencePlan {

    /** The number of the value that the image is. */
    public static final int INPUT = 0;

    private final Shape input;
    private final List<Step> steps;
    private final int features;
    private final LinearHead head;
    private final Map<Integer, Shape> shapes = new LinkedHashMap<>();

    /**
     * Checks and keeps a plan.
     *
     * @param input the image's size
     * @param steps in the order in which they run
     * @param features the number of the value that is the last convolution's activations
     * @param head makes the logits of their averages
     * @throws IllegalArgumentException if a value is missing or of the wrong size; the message names the step
     */
    public InferencePlan(Shape input, List<Step> steps, int features, LinearHead head) {
        this.input = input;
        this.steps = List.copyOf(steps);
        this.features = features;
        this.head = head;
        shapes.put(INPUT, input);
        for (Step step : this.steps) {
            Shape made = shape(step);
            if (shapes.putIfAbsent(step.value(), made) != null) {
                throw new IllegalArgumentException("step '" + step.name() + "' makes value " + step.value() + " again");
            }
        }
        if (!shapes.containsKey(features)) {
            throw new IllegalArgumentException("no step makes value " + features + ", the features");
        }
        if (head.channels() != shapes.get(features).channels()) {
            throw new IllegalArgumentException(
                    "the head reads " + head.channels() + " channels, the features are " + shapes.get(features));
        }
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
     * The image's size.
     *
     * @return rows, columns and channels
     */
    public Shape input() {
        return input;
    }

    /**
     * What is computed.
     *
     * @return in the order in which it runs
     */
    public List<Step> steps() {
        return steps;
    }

    /**
     * Where the last convolution's activations are.
     *
     * @return the number of a value
     */
    public int features() {
        return features;
    }

    /**
     * What makes the logits.
     *
     * @return weights and bias
     */
    public LinearHead head() {
        return head;
    }

    /**
     * The size of a value.
     *
     * @param value its number
     * @return rows, columns and channels
     * @throws IllegalArgumentException if there is no such value
     */
    public Shape shape(int value) {
        Shape shape = shapes.get(value);
        if (shape == null) {
            throw new IllegalArgumentException("the plan has no value " + value);
        }
        return shape;
    }

    /** One step a line: {@code %7 = convolution 3x3 padding 1,1,1,1 64->64 relu (%6)   56x56x64   'block1_conv2'}. */
    @Override
    public String toString() {
        return "%" + INPUT + " = image " + input + "\n"
                + steps.stream().map(this::line).collect(Collectors.joining())
                + "features %" + features + " " + shape(features) + ", logits " + head.classes() + "\n";
    }

    private String line(Step step) {
        String read = step.inputs().stream().map(value -> "%" + value).collect(Collectors.joining(", "));
        return "%" + step.value() + " = " + step.operation().describe() + " (" + read + ")   " + shape(step.value())
                + "   '" + step.name() + "'\n";
    }
}
