package org.cam4j.plan.operation;

import java.util.List;

/**
 * Inserts zeros between the cells of an image: cell (y, x) moves to (y · stepY, x · stepX). A convolution of the result is the
 * transpose of a convolution with strides.
 *
 * @param stepY rows from one cell to the next
 * @param stepX columns from one cell to the next
 */
public record InsertZeros(int stepY, int stepX) implements Operation {

    /** Checks that the steps are positive. */
    public InsertZeros {
        if (stepY < 1 || stepX < 1) {
            throw new IllegalArgumentException(
                    "inserts zeros by steps of " + stepY + "x" + stepX + ": both must be positive");
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.image(inputs, this);
        return Shape.of((input.height() - 1L) * stepY + 1, (input.width() - 1L) * stepX + 1, input.channels());
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "insert zeros " + stepY + "x" + stepX;
    }
}
