package org.cam4j.plan.operation;

import java.util.List;

/**
 * An activation by itself, where it could not be fused.
 *
 * @param activation applied to each number
 */
public record Activate(Activation activation) implements Activated {

    @Override
    public Shape output(List<Shape> inputs) {
        return Operation.only(inputs, this);
    }

    @Override
    public Activate withActivation(Activation other) {
        return new Activate(other);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "activate " + activation;
    }
}
