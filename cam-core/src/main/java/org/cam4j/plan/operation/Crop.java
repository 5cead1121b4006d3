package org.cam4j.plan.operation;

import java.util.List;

/**
 * Crops an image.
 *
 * @param cropping rows and columns removed on each side
 */
public record Crop(Padding cropping) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.image(inputs, this);
        long height = (long) input.height() - cropping.top() - cropping.bottom();
        long width = (long) input.width() - cropping.left() - cropping.right();
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(describe() + " leaves nothing of " + input);
        }
        return Shape.of(height, width, input.channels());
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "crop " + cropping;
    }
}
