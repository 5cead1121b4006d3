package org.cam4j.engine.onednn;

import java.util.List;
import org.cam4j.plan.operation.Shape;

/**
 * What a step reads, and where its result is wanted.
 *
 * @param value the number of the value that it makes
 * @param name the step's
 * @param inputs what it reads, in order
 * @param shapes their sizes
 * @param output the size of the result
 * @param place where the result is wanted; null for anywhere
 * @param mayOverwriteSecond whether no later step needs the second input, so that a sum may be made in its place
 */
record Operands(
        int value,
        String name,
        List<Tensor> inputs,
        List<Shape> shapes,
        Shape output,
        Tensor place,
        boolean mayOverwriteSecond) {

    Tensor input() {
        return inputs.get(0);
    }

    Shape shape() {
        return shapes.get(0);
    }

    /** The same with the result wherever its kernel likes. */
    Operands anywhere() {
        return new Operands(value, name, inputs, shapes, output, null, mayOverwriteSecond);
    }
}
