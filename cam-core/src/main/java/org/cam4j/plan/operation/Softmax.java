package org.cam4j.plan.operation;

import java.util.List;

/** The softmax of each cell: {@code e^x_c / Σ_k e^x_k} over its channels. */
public record Softmax() implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        return Operation.only(inputs, this);
    }

    @Override
    public String describe() {
        return "softmax of cells";
    }
}
