package org.cam4j.plan.operation;

import java.util.List;

/** The softmax over the last axis: {@code e^x_c / Σ_k e^x_k}. */
public record Softmax() implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        return Operation.only(inputs, this);
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "softmax";
    }
}
