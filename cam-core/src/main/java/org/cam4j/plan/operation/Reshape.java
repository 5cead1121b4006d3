package org.cam4j.plan.operation;

import java.util.List;

/**
 * Gives a value another size; its numbers stay in row-major order, channels fastest.
 *
 * @param shape the size of the result, with as many entries as the input
 */
public record Reshape(Shape shape) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        if (input.size() != shape.size()) {
            throw new IllegalArgumentException(describe() + " of " + input + ": expected " + shape.size() + " entries");
        }
        return shape;
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "reshape to " + shape;
    }
}
