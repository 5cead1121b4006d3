package org.cam4j.plan.operation;

import java.util.List;
import java.util.Objects;

/**
 * An operation that a plan cannot express, such as an application's own layer; only the engine of the library it came from runs it. A
 * network with such a step can be inspected but not saved.
 *
 * @param description what the operation is and why a plan cannot express it, a part of a sentence
 * @param shape the size of the result
 * @param movesCells whether the content of one row or column may end up in another
 */
public record External(String description, Shape shape, boolean movesCells) implements Operation {

    /** Checks that there is a description. */
    public External {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(shape, "shape");
    }

    @Override
    public Shape output(List<Shape> inputs) {
        return shape;
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "external (" + description + ")";
    }
}
