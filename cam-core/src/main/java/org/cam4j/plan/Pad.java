package org.cam4j.plan;

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
        return new Shape(
                Math.addExact(input.height(), Math.addExact(border.top(), border.bottom())),
                Math.addExact(input.width(), Math.addExact(border.left(), border.right())),
                input.channels());
    }

    @Override
    public String describe() {
        return "pad " + border;
    }
}
