package org.cam4j.plan.operation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reorders the axes: {@code Transpose.of(1, 0, 2)} exchanges rows and columns.
 *
 * @param order for each axis of the result, the axis of the input, from 0
 */
public record Transpose(List<Integer> order) implements Operation {

    /** Checks that every axis is named once. */
    public Transpose {
        order = List.copyOf(order);
        List<Integer> sorted = order.stream().sorted().toList();
        if (!sorted.equals(IntStream.range(0, order.size()).boxed().toList())) {
            throw new IllegalArgumentException("transposes to " + order + ": each axis from 0 must be named once");
        }
    }

    /**
     * Returns the operation for an order of axes.
     *
     * @param order for each axis of the result, the axis of the input, from 0
     * @return the operation
     * @throws IllegalArgumentException if an axis is missing
     */
    public static Transpose of(int... order) {
        return new Transpose(Arrays.stream(order).boxed().toList());
    }

    /** Whether every axis stays where it is. */
    public boolean isIdentity() {
        return order.equals(order.stream().sorted().toList());
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        if (input.rank() != order.size()) {
            throw new IllegalArgumentException(describe() + " of " + input + ": expected " + order.size() + " axes");
        }
        return new Shape(order.stream().mapToInt(input::size).toArray());
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "transpose to " + order.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
