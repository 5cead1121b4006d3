package org.cam4j.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Shape;

/** Builds an {@link InferencePlan} step by step and numbers its values. Not thread-safe. */
public final class PlanBuilder {

    private final Map<String, Shape> inputs;
    private final List<Step> steps = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();

    /**
     * Starts with the image, value {@link InferencePlan#INPUT}.
     *
     * @param input the image's size
     */
    public PlanBuilder(Shape input) {
        this(Map.of(InferencePlan.IMAGE, input));
    }

    /**
     * Starts with several inputs, numbered from 0 in the map's order.
     *
     * @param inputs names and sizes; copied
     */
    public PlanBuilder(Map<String, Shape> inputs) {
        this.inputs = new LinkedHashMap<>(inputs);
        shapes.addAll(inputs.values());
    }

    /**
     * Adds a step.
     *
     * @param name the name of the layer that the step comes from
     * @param operation what it computes
     * @param inputs the values that it reads, in order
     * @return the number of the step's result
     * @throws IllegalArgumentException if the operation does not take values of these sizes
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
     * Returns the steps added so far.
     *
     * @return a copy
     */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /**
     * Returns the size of an input or of a result of a step added so far.
     *
     * @param value its number
     * @return its axes
     */
    public Shape shape(int value) {
        return shapes.get(value);
    }

    /**
     * Builds the plan.
     *
     * @param outputs the numbers of the wanted values by name
     * @return the plan, not yet simplified
     */
    public InferencePlan build(Map<String, Integer> outputs) {
        return new InferencePlan(inputs, steps, outputs);
    }
}
