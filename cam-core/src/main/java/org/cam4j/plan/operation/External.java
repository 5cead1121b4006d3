package org.cam4j.plan.operation;

import java.util.List;
import java.util.Objects;

/**
 * Something that a plan cannot say and only the front door's own engine runs, such as a layer of an application. A network with such a
 * step can be looked through, but not saved, and no other engine runs it.
 *
 * @param description what it is and why a plan cannot say it, a part of a sentence
 * @param shape the size of the result
 * @param movesCells whether what was in one row or column may come out in another
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
