package org.cam4j.plan;

import java.util.List;
import java.util.Objects;
import org.cam4j.plan.operation.Operation;

/**
 * One operation that computes a value from others.
 *
 * @param value the number of the result
 * @param name the name of the layer that the step comes from
 * @param operation what the step computes
 * @param inputs the numbers of the values that the step reads, in order
 */
public record Step(int value, String name, Operation operation, List<Integer> inputs) {

    /** Copies the list of inputs. */
    public Step {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(operation, "operation");
        inputs = List.copyOf(inputs);
    }

    /**
     * Returns the step with another operation.
     *
     * @param other takes values of the same sizes
     * @return a new step of the same number, name and inputs
     */
    public Step with(Operation other) {
        return new Step(value, name, other, inputs);
    }

    /**
     * Returns the step with other inputs.
     *
     * @param others the numbers of the values, in order
     * @return a new step of the same number, name and operation
     */
    public Step reading(List<Integer> others) {
        return new Step(value, name, operation, others);
    }
}
