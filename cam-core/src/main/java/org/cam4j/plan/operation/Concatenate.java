package org.cam4j.plan.operation;

import java.util.List;

/** Values one after the other along the channels. */
public record Concatenate() implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("nothing to concatenate");
        }
        long channels = 0;
        for (Shape input : inputs) {
            if (!input.sameCells(inputs.get(0))) {
                throw new IllegalArgumentException("concatenates values of different rows and columns " + inputs);
            }
            channels += input.channels();
        }
        return Shape.of(inputs.get(0).height(), inputs.get(0).width(), channels);
    }

    @Override
    public String describe() {
        return "concatenate";
    }
}
