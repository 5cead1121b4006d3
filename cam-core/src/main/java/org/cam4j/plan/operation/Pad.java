package org.cam4j.plan.operation;

import java.util.List;

/**
 * Zeros around an image.
 *
 * @param border how many
 */
public record Pad(Border border) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        return Shape.of(
                (long) input.height() + border.top() + border.bottom(),
                (long) input.width() + border.left() + border.right(),
                input.channels());
    }

    @Override
    public String describe() {
        return "pad " + border;
    }
}
