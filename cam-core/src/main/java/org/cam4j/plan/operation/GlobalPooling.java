package org.cam4j.plan.operation;

import java.util.List;
import java.util.Locale;

/**
 * Global max or average pooling: one number for each channel.
 *
 * @param kind maximum or average
 */
public record GlobalPooling(Pooling.Kind kind) implements Operation {

    @Override
    public Shape output(List<Shape> inputs) {
        return new Shape(1, 1, Operation.image(inputs, this).channels());
    }

    @Override
    public <R> R accept(OperationVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String describe() {
        return "global " + kind.name().toLowerCase(Locale.ROOT) + " pooling";
    }
}
