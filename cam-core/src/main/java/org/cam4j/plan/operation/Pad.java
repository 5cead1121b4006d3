package org.cam4j.plan.operation;

import java.util.List;

/**
 * Pads an image with zeros.
 *
 * @param padding rows and columns added on each side
 */
public record Pad(Padding padding) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.image(inputs, this);
        return Shape.of(
                (long) input.height() + padding.top() + padding.bottom(),
                (long) input.width() + padding.left() + padding.right(),
                input.channels());
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "pad " + padding;
    }
}
