package org.cam4j.plan;

import java.util.List;
import java.util.Objects;
import org.cam4j.plan.operation.Operation;

/**
 * One operation on some values, which makes another.
 *
 * @param value the number of the value that it makes
 * @param name where it comes from: the layer's name
 * @param operation what it computes
 * @param inputs the numbers of the values that it reads, in order
 */
public record Step(int value, String name, Operation operation, List<Integer> inputs) {

    /** Copies the list of inputs. */
    public Step {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(operation, "operation");
        inputs = List.copyOf(inputs);
    }

    public Step with(Operation other) {
        return new Step(value, name, other, inputs);
    }

    public Step reading(List<Integer> others) {
        return new Step(value, name, operation, others);
    }
}
