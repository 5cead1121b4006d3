package org.cam4j.plan.operation;

import java.util.List;

/**
 * The same numbers in the same order, row by row, cell by cell, channels fastest, as a value of another size.
 *
 * @param shape the size of the result, with as many entries as what is read
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
