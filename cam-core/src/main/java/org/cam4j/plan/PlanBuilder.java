package org.cam4j.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

/** Puts an {@link InferencePlan} together, step by step, and numbers the values. */
public final class PlanBuilder {

    private final Shape input;
    private final List<Step> steps = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();

    /**
     * Starts with the image, value {@link InferencePlan#INPUT}.
     *
     * @param input the image's size
     */
    public PlanBuilder(Shape input) {
        this.input = input;
        shapes.add(input);
    }

    /**
     * Adds a step.
     *
     * @param name where it comes from: the layer's name
     * @param operation what it computes
     * @param inputs the values that it reads, in order
     * @return the number of the value that it makes
     * @throws IllegalArgumentException if it cannot be computed of these values
     */
    public int add(String name, Operation operation, int... inputs) {
        List<Integer> read = new ArrayList<>();
        List<Shape> sizes = new ArrayList<>();
        for (int value : inputs) {
            read.add(value);
            sizes.add(shape(value));
        }
        shapes.add(operation.output(sizes));
        int value = shapes.size() - 1;
        steps.add(new Step(value, name, operation, read));
        return value;
    }

    /**
     * Declares a value that no step makes, to plan a part of a network that reads several. A plan cannot be built with it.
     *
     * @param shape its size
     * @return its number
     */
    public int given(Shape shape) {
        shapes.add(shape);
        return shapes.size() - 1;
    }

    /**
     * What was added so far.
     *
     * @return a copy
     */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /**
     * The size of a value that was made so far.
     *
     * @param value its number
     * @return its axes
     */
    public Shape shape(int value) {
        return shapes.get(value);
    }

    /**
     * Ends the plan.
     *
     * @param outputs the numbers of the wanted values by name
     * @return the plan, not yet simplified
     */
    public InferencePlan build(Map<String, Integer> outputs) {
        return new InferencePlan(Map.of(InferencePlan.IMAGE, input), steps, outputs);
    }
}
